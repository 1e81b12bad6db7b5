"""From a site in a declared layout, or a folder of class folders, to image records.

What may live here: layouts as data, pages to links without a network, the polite visitor, the crawler, folders,
and what is remembered of a source. Nothing that judges a photo: that is the dataset room's.
"""
