"""The verbs a right can be about. An assignment lists verbs; a move of the life cycle names the one it needs."""

from enum import StrEnum


class Verb(StrEnum):
    """What a person may do (quyền hạn) with what the assignment covers."""

    VIEW = "view"
    RECEIVE = "receive"
    PROCESS = "process"
    APPROVE = "approve"
    RETURN = "return"
    COLLECT = "collect"
    EXPORT = "export"
    OPEN_PERSONAL_DATA = "open_personal_data"
    CONFIGURE = "configure"
    PUBLISH = "publish"
    ADMINISTER = "administer"


LABELS: dict[Verb, str] = {
    Verb.VIEW: "Xem hồ sơ",
    Verb.RECEIVE: "Tiếp nhận",
    Verb.PROCESS: "Giải quyết",
    Verb.APPROVE: "Phê duyệt",
    Verb.RETURN: "Trả kết quả",
    Verb.COLLECT: "Thu phí, lệ phí",
    Verb.EXPORT: "Xuất dữ liệu",
    Verb.OPEN_PERSONAL_DATA: "Mở dữ liệu cá nhân",
    Verb.CONFIGURE: "Xây dựng thủ tục",
    Verb.PUBLISH: "Công bố thủ tục",
    Verb.ADMINISTER: "Quản trị hệ thống",
}
