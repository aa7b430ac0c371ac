"""Messages of cross-border e-commerce, synthetic: three documents and a list that agree, unless told otherwise."""

from hub.formats.xml import writer
from hub.model.message import Document
from hub.schema.catalog import Catalog
from tests.unit.engine.hall import ROOT

CATALOG = Catalog(ROOT / "schemas")
NS = "1"
TRANSFER = {"copCode": "4301960A01", "copName": "湘麦商城", "dxpMode": "DXP", "dxpId": "DXPENT0000000001"}
BUYER = "430102199003078516"
LINE = ("qty", "price", "totalPrice")
"""What changes in the line of goods, not in the head."""


def _guid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def _head(number: int) -> Document:
    return {"guid": _guid(number), "appType": "1", "appTime": "20261124101500", "appStatus": "2"}


def _message(kind: str, tag: str, items: list[Document], number: int) -> bytes:
    document: Document = {"@guid": _guid(number), "@version": "1.0", tag: items, "BaseTransfer": TRANSFER}
    return writer.write(document, CATALOG.get(f"xsd:ceb:{kind}"))


def order_head(number: str, **changes: str) -> Document:
    head = _head(1) | {
        "orderType": "I", "orderNo": number, "ebpCode": "4301960A01", "ebpName": "湘麦商城", "ebcCode": "4301960A01",
        "ebcName": "湘麦商城", "goodsValue": "120.00", "freight": "10.00", "discount": "5.00", "taxTotal": "11.83",
        "acturalPaid": "136.83", "currency": "142", "buyerRegNo": "U1001", "buyerName": "李明", "buyerTelephone":
        "13900000001", "buyerIdType": "1", "buyerIdNumber": BUYER, "consignee": "李明", "consigneeTelephone":
        "13900000001", "consigneeAddress": "长沙市芙蓉区示例路1号",
    }  # fmt: skip
    return head | _but(changes)


def _but(changes: dict[str, str], *, line: bool = False) -> dict[str, str]:
    return {name: value for name, value in changes.items() if (name in LINE) == line}


def order(number: str, **changes: str) -> bytes:
    """CEB311 of the platform."""
    line = {
        "gnum": "1", "itemName": "奶粉", "gmodel": "900g", "unit": "011", "qty": "2", "price": "60.00",
        "totalPrice": "120.00", "currency": "142", "country": "601",
    }  # fmt: skip
    item: Document = {"OrderHead": order_head(number, **changes), "OrderList": [line | _but(changes, line=True)]}
    return _message("CEB311", "Order", [item], 1)


def payment(number: str, **changes: str) -> bytes:
    """CEB411 of the payment company."""
    head = _head(2) | {
        "payCode": "4301960B02", "payName": "富达支付", "payTransactionId": f"P{number}", "orderNo": number,
        "ebpCode": "4301960A01", "ebpName": "湘麦商城", "payerIdType": "1", "payerIdNumber": BUYER, "payerName": "李明",
        "amountPaid": "136.83", "currency": "142", "payTime": "20261124101000",
    }  # fmt: skip
    return _message("CEB411", "Payment", [{"PaymentHead": head | changes}], 2)


def waybill(number: str, **changes: str) -> bytes:
    """CEB511 of the logistics company."""
    head = _head(3) | {
        "logisticsCode": "4301960C03", "logisticsName": "速通物流", "logisticsNo": f"W{number}", "orderNo": number,
        "currency": "142", "weight": "2.10", "packNo": "1", "consignee": "李明", "consigneeAddress":
        "长沙市芙蓉区示例路1号", "consigneeTelephone": "13900000001",
    }  # fmt: skip
    return _message("CEB511", "Logistics", [{"LogisticsHead": head | changes}], 3)


def inventory(number: str, **changes: str) -> Document:
    head = _head(4) | {
        "orderNo": number, "ebpCode": "4301960A01", "ebpName": "湘麦商城", "ebcCode": "4301960A01",
        "ebcName": "湘麦商城", "logisticsNo": f"W{number}", "logisticsCode": "4301960C03", "logisticsName": "速通物流",
        "copNo": f"C{number}",
        "assureCode": "4301960A01", "ieFlag": "I", "declTime": "20261124", "customsCode": "4900", "portCode": "4900",
        "buyerIdType": "1", "buyerIdNumber": BUYER, "buyerName": "李明", "buyerTelephone": "13900000001",
        "consigneeAddress": "长沙市芙蓉区示例路1号", "agentCode": "4301960D04", "agentName": "星海报关",
        "tradeMode": "9610", "trafMode": "5", "country": "601", "freight": "10.00", "insuredFee": "0",
        "currency": "142", "packNo": "1", "grossWeight": "2.10", "netWeight": "1.80",
    }  # fmt: skip
    line = {
        "gnum": "1", "gcode": "1901101000", "gname": "奶粉", "gmodel": "900g", "country": "601", "currency": "142",
        "qty": "2", "unit": "011", "qty1": "1.8", "unit1": "035", "price": "60.00", "totalPrice": "120.00",
    }  # fmt: skip
    return {"InventoryHead": head | _but(changes), "InventoryList": [line | _but(changes, line=True)]}


def inventories(*items: Document) -> bytes:
    """CEB621 of the declarant with several lists."""
    return _message("CEB621", "Inventory", list(items), 4)


def listing(number: str, **changes: str) -> bytes:
    """CEB621 of the declarant."""
    return inventories(inventory(number, **changes))


def invt(number: str) -> str:
    """The number that customs gives a list."""
    return f"49002026I{number:0>9}"


def refund(number: str, *lines: dict[str, str], **changes: str) -> bytes:
    """CEB625 of the declarant: what comes back: ``lines`` of its goods, or all of them."""
    head = _head(5) | {
        "customsCode": "4900", "orderNo": number, "ebpCode": "4301960A01", "ebpName": "湘麦商城",
        "ebcCode": "4301960A01", "ebcName": "湘麦商城", "logisticsNo": f"W{number}", "logisticsCode": "4301960C03",
        "logisticsName": "速通物流", "copNo": f"R{number}", "invtNo": invt(number), "buyerIdType": "1",
        "buyerIdNumber": BUYER, "buyerName": "李明", "buyerTelephone": "13900000001", "agentCode": "4301960D04",
        "agentName": "星海报关", "reason": "买家退货",
    }  # fmt: skip
    line = {"gnum": "1", "gcode": "1901101000", "gname": "奶粉", "qty": "2", "unit": "011"}
    goods = [line | own for own in lines or ({},)]
    return _message("CEB625", "InvtRefund", [{"InvtRefundHead": head | changes, "InvtRefundList": goods}], 5)


def parcel_status(number: str, **changes: str) -> bytes:
    """CEB513 of the logistics company."""
    head = _head(6) | {
        "logisticsCode": "4301960C03", "logisticsName": "速通物流", "logisticsNo": f"W{number}",
        "logisticsStatus": "R", "logisticsTime": "20261125090000",
    }  # fmt: skip
    return _message("CEB513", "LogisticsStatus", [head | changes], 6)
