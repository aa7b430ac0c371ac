"""The errors of cross-border e-commerce, from the text of the published specification."""

import re
from collections.abc import Iterable, Iterator

from tools.codes.sheet import Reference, Sheet, with_english

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


ADVICE = (
    (
        "发送海关成功|确认状态",
        "请先核对单证状态与商品序号，勿重复申报。",
        "Look at its status and its lines before sending anything again.",
    ),
    ("回执解析失败|退货申请单.*限额", "请联系海关技术支持。", "Ask customs."),
    (
        "购买额度.*限额",
        "超出个人年度限额的，请按一般贸易申报。",
        "Above the yearly limit, declare it as general trade.",
    ),
    (
        "单笔限额",
        "超出单笔限额的，请按一般贸易申报。",
        "Above the limit of a single purchase, declare it as general trade.",
    ),
    ("卡信息|证书中", "请用申报单位自己的证书签名。", "Sign with the certificate of the declarant itself."),
    ("没有权限|企业类型|企业代码", "请核对企业的海关备案与授权。", "Check the enterprise's registration with customs."),
    ("比对失败|验签|签名", "请重新签名，签名后不再改动报文。", "Sign again, and alter nothing after signing."),
    ("重复商品序号", "请使商品序号不重复后重发。", "Give each line a number of its own."),
    ("规则", "请使第二数量与第二单位一致后重发。", "Give both second unit and second quantity, or neither."),
    (
        "已经申报过|已向海关申报|状态不符|状态不是|不符合",
        "请先核对单证状态；已申报的勿重复申报。",
        "Look at its status; do not declare it again.",
    ),
    ("已存在", "请换用新编号；修改请用 appType 2。", "Use a new number; to change it, send appType 2."),
    ("超过限制", "请拆分后重发。", "Split it and send the parts."),
    ("旧报文", "请以更新的 appTime 重发。", "Send it with a later appTime."),
    ("appType|对应操作", "请核对 appType 与单证编号。", "Check appType and the number."),
    (
        "查询不存在|未找到 headGuid|未找到表体|查无|多条|系统中不存在|不存在已",
        "请核对编号，并先发送所依据的单证。",
        "Check the number; send the document that it rests on first.",
    ),
    ("为空|不存在$|无数据", "请补全报文内容后重发。", "Complete the message and send it again."),
    ("未备案|备案库|参数库", "请与海关备案及参数核对一致。", "Make it agree with what customs have on file."),
    (
        r"校验|参数错误|解析失败|应由|失败，\[|失败\[\*|内部编号",
        "请按返回的说明与 XSD 改正后重发。",
        "Mend what the answer and the XSD say, and send it again.",
    ),
    ("", "请稍后重发；仍不成功的，请联系海关技术支持。", "Send it again later; if it fails again, ask customs."),
)
"""What to do, by what the text says: the first that it has. The words are this project's own."""


def errors(reference: Reference) -> Sheet:
    """Every code with its text; ``[*]`` stands for what the message fills in."""
    found: dict[str, list[str]] = {}
    for code, text in _entries(_table(reference.text("ceb/errors-and-signature.txt"))):
        found.setdefault(code, []).append(text.removesuffix("<br />").strip(' "'))
    english = with_english("ceb-errors", found)
    rows = [
        (code, _document(code), " / ".join(texts), english[code], *_advice(" / ".join(texts)))
        for code, texts in sorted(found.items(), key=lambda item: -int(item[0]))
    ]
    return Sheet(
        "ceb-errors",
        "Why the cross-border system refuses a message (returnStatus below 0). What is printed twice has both texts.",
        f"{SOURCE} The English and the advice are this project's own.",
        ("code", "document", "zh", "en", "mend-zh", "mend-en"),
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


def _advice(text: str) -> tuple[str, str]:
    return next((zh, en) for pattern, zh, en in ADVICE if re.search(pattern, text))


MAKERS = (errors,)
