"""The data report: one HTML file about curation and the split."""
