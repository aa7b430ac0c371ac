"""The errors of cross-border e-commerce, from the text of the published specification."""

import re
from collections.abc import Iterable, Iterator

from tools.codes.sheet import ENGLISH, Reference, Sheet, with_english

SOURCE = "Customs' specification of the cross-border e-commerce messages, edition 2022-05, table 7-2."
_NOISE = {
    "企业错误", "信息", "错误", "支付单错", "误", "运单信息", "及运单状", "态错误", "清单操作", "撤单申请", "单错误",
    "退货申请", "入库明细", "订单信息", "-800000 至",
}  # fmt: skip
"""What stands in the table's first columns (ranges of codes and what they are about), which the text runs together."""
_ENTRY = re.compile(r"(-\d{5,6})(?: (.+))?")
_DOCUMENTS = {
    "-10": "enterprise", "-30": "order", "-40": "payment", "-504": "waybill", "-505": "waybill-status",
    "-621": "list", "-623": "cancellation", "-625": "return", "-800": "stock-in",
}  # fmt: skip


def errors(reference: Reference) -> Sheet:
    """Every code with its text; ``[*]`` stands for what the message fills in."""
    found: dict[str, list[str]] = {}
    for code, text in _entries(_table(reference.text("ceb/errors-and-signature.txt"))):
        found.setdefault(code, []).append(text.removesuffix("<br />").strip(' "'))
    english = with_english("ceb-errors", found)
    rows = [
        (code, _document(code), " / ".join(dict.fromkeys(texts)), english[code])
        for code, texts in sorted(found.items(), key=lambda item: -int(item[0]))
    ]
    return Sheet(
        "ceb-errors",
        "Why the cross-border system refuses a message (returnStatus below 0). What is printed twice has both texts.",
        f"{SOURCE}{ENGLISH}",
        ("code", "document", "zh", "en"),
        rows,
        "2022-05-01",
    )


def _table(text: str) -> list[str]:
    """The lines of table 7-2."""
    _, _, rest = text.partition("7-2 出口统一版业务报文错误信息及其代码")
    return [" ".join(line.split()) for line in rest.partition("8. 报文对接流程")[0].split("\n")]


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Code and text; a text may go on over lines, and a code without one is the beginning of a range."""
    code, text = "", ""
    for line in lines:
        if not line or line in _NOISE or line.startswith("至") or line.isdigit():
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            text += line if code else ""
            continue
        if text:
            yield code, text
        code, text = entry[1], entry[2] or ""
    if text:
        yield code, text


def _document(code: str) -> str:
    return next(document for start, document in _DOCUMENTS.items() if code.startswith(start))


MAKERS = (errors,)
