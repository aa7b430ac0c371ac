"""What agencies answer, as Documents: one function for each kind of message. Pure; ``at`` is in microseconds."""

import re
from typing import Any

from hub.clock import moment
from hub.errors import WriteError
from hub.model.message import Document, Envelope, Message
from hub.model.twin import Verdict
from hub.twins.judgement import Judgement, values

_MANIFEST = {Verdict.ACCEPT: "01", Verdict.INSPECT: "12", Verdict.REFUSE: "03"}  # schemas/codes/manifest-status.toml
_PERSONS = {Verdict.ACCEPT: "800", Verdict.INSPECT: "500", Verdict.REFUSE: "100"}  # schemas/codes/return-status.toml
_CUSRES = {Verdict.ACCEPT: "AP", Verdict.INSPECT: "CA", Verdict.REFUSE: "RE"}  # UN/EDIFACT 4343
_RESPONSE = "11"  # function of a message that answers another
_LONGEST_ID = 70


def manifest_receipt(document: Document, at: int) -> Document:
    """MT9999 that says only that the manifest has arrived: status 0, the decision is still to come."""
    head = _head(document, at, "R") | {"MessageType": "MT9999"}
    status = {"StatementCode": "0", "StatementDescription": "已接收 / Received"}
    return {"Head": head, "Response": {"ID": document["Head"]["MessageID"], "AdditionalInformation": status}}


def manifest_answer(document: Document, judgement: Judgement, at: int) -> Document:
    """MT9999 to a manifest (MT1401, MT2401): the result for all, for each consignment, and what is wrong."""
    answer = judgement.answer
    code = _MANIFEST[answer.verdict]
    consignments: list[dict[str, Any]] = [
        {"AdditionalInformation": {"StatementCode": code}, "TransportContractDocument": {"ID": bill}}
        for _, bill in values(document, "Declaration/Consignment/TransportContractDocument/ID")
    ]
    response: dict[str, Any] = {
        "ID": document["Head"]["MessageID"],
        "AdditionalInformation": _present(StatementCode=code, StatementDescription=answer.text),
        "Consignment": consignments,
    }
    if answer.code:
        index = _record(judgement.place, "Declaration/Consignment")
        concerned = response if index is None else consignments[index]
        concerned["ResponseType"] = [_present(Code=answer.code, Text=answer.text, Location=judgement.place)]
    return {"Head": _head(document, at, "A") | {"MessageType": "MT9999"}, "Response": response}


def passengers_answer(document: Document, judgement: Judgement, at: int) -> Document:
    """PassengerListResponse: the result for the list, and for the traveller whose data led to it."""
    answer = judgement.answer
    result = _present(StatusCode=_PERSONS[answer.verdict], ReasonCode=answer.code, Text=answer.text)
    response: Document = {
        "Head": _head(document, at, "A"),
        "Response": {"ReferenceID": document["Head"]["MessageID"]} | result,
    }
    if (index := _record(judgement.place, "Traveller")) is not None:
        traveller = document["Traveller"][index]
        number = next((value for _, value in values(traveller, "Document/ID")), "")
        response["Traveller"] = [_present(SequenceNumeric=traveller["SequenceNumeric"], DocumentID=number) | result]
    return response


def quarantine_answer(document: Document, judgement: Judgement, at: int) -> Document:
    """CSV rows: number 0 for the whole list, then the person whose data led to the result."""
    answer = judgement.answer
    if not document.get("passenger"):
        raise WriteError("an empty list names no message that could be answered")
    first = document["passenger"][0]
    common = {"message_id": first["message_id"], "trip": first["trip"], "status": _PERSONS[answer.verdict]}
    common |= _present(reason=answer.code, text=answer.text)
    rows = [common | {"number": "0"}]
    if (index := _record(judgement.place, "passenger")) is not None:
        person = document["passenger"][index]
        rows.append(common | _present(number=person["number"], document_number=person.get("document_number", "")))
    return {"passenger": rows}


def cusres(message: Message, envelope: Envelope, judgement: Judgement, at: int) -> Document:
    """CUSRES (D.16B) to a passenger list: BGM repeats its document number, RFF+ACW too, RFF+AGO its interchange."""
    answer = judgement.answer
    number = next((value for _, value in values(message.document or {}, "BGM/C106/1004")), message.ref)
    references = [("ACW", number), ("AGO", envelope.control_ref)]
    document: dict[str, Any] = {
        "BGM": {"C002": {"1001": "962"}, "C106": {"1004": number}, "1225": _RESPONSE, "4343": _CUSRES[answer.verdict]},
        "DTM": [{"C507": {"2005": "137", "2380": moment(at).strftime("%Y%m%d%H%M%S"), "2379": "204"}}],
        "SG3": [{"RFF": {"C506": {"1153": code, "1154": value}}} for code, value in references if value],
    }
    if answer.code:
        where = re.findall(r"\[(\d+)\]", judgement.place)[:1]
        point = {"1049": "2"} | ({"1052": where[0]} if where else {})
        error: dict[str, Any] = {"ERP": {"C701": point}, "ERC": [{"C901": {"9321": answer.code}}]}
        if answer.text:
            error["FTX"] = [{"4451": "AAO", "C108": {"4440": [answer.text]}}]
        document["SG4"] = [error]
    return document


def _head(document: Document, at: int, suffix: str) -> dict[str, Any]:
    """The head of an answer: sender and receiver change places; the identifier is the question's and ``suffix``."""
    head = document["Head"]
    return {
        "MessageID": f"{head['MessageID'][: _LONGEST_ID - 2]}-{suffix}",
        "FunctionCode": _RESPONSE,
        "SenderID": head["ReceiverID"],
        "ReceiverID": head["SenderID"],
        "SendTime": moment(at).strftime("%Y%m%d%H%M%S%f")[:17],
        "Version": "1.0",
    }


def _record(place: str, tag: str) -> int | None:
    """The 0-based position in the list ``tag`` that ``place`` names."""
    match = re.match(rf"{tag}\[(\d+)\]", place)
    return int(match[1]) - 1 if match else None


def _present(**values: str) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}
