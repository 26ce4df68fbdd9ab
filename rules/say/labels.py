"""The fixed words a definition is said in: kinds of fields, bodies, times, policies, uses."""

from collections.abc import Mapping
from types import MappingProxyType

from rules.definition import ChargeKind, Collected, DayBound, FieldKind, Handed, SetBy
from rules.table import HitPolicy
from rules.values import Text
from rules.vocabulary import FactType

CHARGE_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        ChargeKind.SERVICE_FEE.value: Text("Phí", "Fee"),
        ChargeKind.CHARGE.value: Text("Lệ phí", "Charge"),
        ChargeKind.PRICE.value: Text("Giá dịch vụ", "Price of service"),
    }
)
FIELD_KINDS: Mapping[FieldKind, Text] = MappingProxyType(
    {
        FieldKind.TEXT: Text("Chữ", "Text"),
        FieldKind.LONG_TEXT: Text("Chữ nhiều dòng", "Text in several lines"),
        FieldKind.WHOLE_NUMBER: Text("Số nguyên", "Whole number"),
        FieldKind.MONEY: Text("Số tiền", "Amount of money"),
        FieldKind.YES_NO: Text("Có hoặc không", "Yes or no"),
        FieldKind.DAY: Text("Ngày", "Day"),
        FieldKind.MOMENT: Text("Ngày và giờ", "Day and time"),
        FieldKind.MEASURE: Text("Số đo có phần lẻ", "Measure with decimals"),
        FieldKind.CHOICE: Text("Chọn một", "One choice"),
        FieldKind.CHOICES: Text("Chọn nhiều", "Several choices"),
        FieldKind.CITIZEN_ID: Text("Số định danh cá nhân", "Citizen ID"),
        FieldKind.PHONE: Text("Số điện thoại", "Phone number"),
        FieldKind.EMAIL: Text("Thư điện tử", "E-mail"),
        FieldKind.GROUP: Text("Bảng nhiều dòng", "Table of rows"),
    }
)
NOT_BEFORE: Mapping[DayBound, Text] = MappingProxyType(
    {DayBound.TODAY: Text("không trước ngày khai", "not before the day the form is filled in")}
)
NOT_AFTER: Mapping[DayBound, Text] = MappingProxyType(
    {DayBound.TODAY: Text("không sau ngày khai", "not after the day the form is filled in")}
)
SET_BY: Mapping[SetBy, Text] = MappingProxyType(
    {
        SetBy.MINISTRY_OF_FINANCE: Text("Bộ Tài chính", "Ministry of Finance"),
        SetBy.PROVINCIAL_COUNCIL: Text("Hội đồng nhân dân tỉnh", "Provincial People's Council"),
        SetBy.OTHER: Text("Cơ quan khác", "Another body"),
    }
)
COLLECTED: Mapping[Collected, Text] = MappingProxyType(
    {
        Collected.AT_FILING: Text("Thu khi nộp hồ sơ", "Collected at filing"),
        Collected.AT_RESULT: Text("Thu khi trả kết quả", "Collected with the result"),
        Collected.NONE: Text("Không thu tại bộ phận một cửa", "Not collected at the desk"),
    }
)
HANDED: Mapping[Handed, Text] = MappingProxyType(
    {Handed.HAND_IN: Text("Nộp", "Hand in"), Handed.SHOW: Text("Xuất trình", "Show")}
)
HOW_CHOSEN: Mapping[HitPolicy, Text] = MappingProxyType(
    {
        HitPolicy.UNIQUE: Text("Mỗi hồ sơ chỉ đúng với một dòng.", "Each dossier fits exactly one row."),
        HitPolicy.ANY: Text(
            "Nhiều dòng có thể cùng đúng nhưng phải cho cùng kết quả.",
            "Several rows may hold, but they must give the same result.",
        ),
        HitPolicy.FIRST: Text(
            "Đọc từ trên xuống: dòng đúng đầu tiên được áp dụng.",
            "Read from the top: the first row that holds applies.",
        ),
        HitPolicy.PRIORITY: Text(
            "Trong các dòng đúng, dòng cho kết quả xếp trên cùng được áp dụng.",
            "Of the rows that hold, the one with the best result applies.",
        ),
        HitPolicy.COLLECT: Text("Mọi dòng đúng đều được tính đến.", "Every row that holds counts."),
        HitPolicy.COLLECT_SUM: Text(
            "Kết quả của mọi dòng đúng được cộng lại.", "The results of all rows that hold are added up."
        ),
        HitPolicy.COLLECT_MIN: Text(
            "Trong các dòng đúng, lấy kết quả nhỏ nhất.", "Of the rows that hold, the least result counts."
        ),
        HitPolicy.COLLECT_MAX: Text(
            "Trong các dòng đúng, lấy kết quả lớn nhất.", "Of the rows that hold, the greatest result counts."
        ),
        HitPolicy.COLLECT_COUNT: Text("Đếm số dòng đúng.", "The rows that hold are counted."),
        HitPolicy.RULE_ORDER: Text(
            "Mọi dòng đúng đều được tính đến, theo thứ tự trong bảng.",
            "Every row that holds counts, in the order of the table.",
        ),
        HitPolicy.OUTPUT_ORDER: Text(
            "Mọi dòng đúng đều được tính đến, kết quả xếp trên đứng trước.",
            "Every row that holds counts, the best result first.",
        ),
    }
)
STARTS: Mapping[str, Text] = MappingProxyType(
    {
        "next_opening": Text(
            "Hồ sơ nhận ngoài giờ làm việc tính từ giờ mở cửa kế tiếp.",
            "Dossiers received outside working hours count from the next opening.",
        ),
        "moment": Text(
            "Tính ngay từ lúc tiếp nhận, kể cả ngoài giờ.",
            "Counts from the moment of receipt, outside working hours too.",
        ),
        "": Text(
            "Thời hạn theo giờ đồng hồ tính ngay từ lúc tiếp nhận; "
            "thời hạn khác mà nhận ngoài giờ thì tính từ giờ mở cửa kế tiếp.",
            "Deadlines in clock hours count from the moment of receipt; "
            "others, when received outside working hours, from the next opening.",
        ),
    }
)
NEEDS: Mapping[str, Text] = MappingProxyType(
    {
        "required": Text("Phải có", "Required"),
        "optional": Text("Không bắt buộc", "Optional"),
        "waived": Text("Được miễn nộp", "Waived"),
    }
)
STAGES: Mapping[str, Text] = MappingProxyType(
    {
        "reception": Text("khi tiếp nhận", "at reception"),
        "filing": Text("khi tiếp nhận", "at reception"),
        "appraisal": Text("khi thẩm định", "during appraisal"),
    }
)
LATER = Text("khi giải quyết", "during processing")
"""When an officer finds a fact whose stage has no name of its own here."""

FOUND_AS: Mapping[FactType, Text] = MappingProxyType(
    {
        FactType.BOOL: Text("có hoặc không", "yes or no"),
        FactType.DAY: Text("một ngày", "a day"),
        FactType.MONEY: Text("một số tiền", "an amount of money"),
        FactType.INT: Text("một số", "a number"),
        FactType.FIXED: Text("một số đo", "a measure"),
        FactType.MOMENT: Text("một ngày giờ", "a day and time"),
    }
)
PARTS = (
    Text("Trình tự thực hiện", "Steps of the procedure"),
    Text("Cách thức thực hiện", "Ways of filing"),
    Text("Số lượng hồ sơ", "Number of dossiers to hand in"),
    Text("Đối tượng thực hiện", "Who may apply"),
    Text("Cơ quan thực hiện", "Implementing body"),
    Text("Kết quả thực hiện", "Result of the procedure"),
    Text("Yêu cầu, điều kiện", "Requirements and conditions"),
)
"""The parts of a procedure that the law names (NĐ 63/2010 Điều 8) and that no page of its own shows."""

NOTHING = Text("–", "–")
"""Stands where a row asks nothing, or gives nothing."""

LIMIT = Text("Thời hạn", "Deadline")
"""The one column that amount, unit and cut-off of a time limit are read as."""

HEADS: Mapping[str, Text] = MappingProxyType(
    {
        "amount": Text("Mức thu", "Amount"),
        "percent": Text("Mức giảm", "Reduction"),
        "need": Text("Yêu cầu", "Need"),
        "reason": Text("Lý do không tiếp nhận", "Ground of refusal"),
        "unit": Text("Đơn vị", "Unit"),
        "cutoff": Text("Giờ chốt", "Cut-off"),
    }
)
"""The heads of the customary outputs of tables."""

NO_RULE = Text("chưa có quy định áp dụng", "no rule applies")
