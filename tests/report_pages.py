"""A report's page as a browser reads it."""

from __future__ import annotations


def section(report, id_):
    return report.xpath(f"//section[h2/@id='{id_}']")


def text_of(element):
    return " ".join(" ".join(element.xpath(".//text()").getall()).split())
