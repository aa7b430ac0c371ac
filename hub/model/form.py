"""The forms in which a transmission may be asked for."""

from enum import StrEnum


class Form(StrEnum):
    """What a transmission may be turned into."""

    JSON = "json"  # any type: its Documents with their types and envelopes
    XML = "xml"  # an XML type's own format; any other type in the generic shape
    EDIFACT = "edifact"  # EDIFACT types only
    X12 = "x12"  # X12 types only
    CSV = "csv"  # CSV types only
    XLSX = "xlsx"  # CSV types only, as a workbook
