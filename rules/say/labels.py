"""The fixed words a definition is said in: kinds of fields, bodies, times, policies, uses."""

from collections.abc import Mapping
from types import MappingProxyType

from rules.clock.spans import Begins
from rules.clock.stops import Effect
from rules.definition.fields import BlockKind, DayBound, FieldKind, FieldStage
from rules.definition.procedure import ChargeKind, Collected, Handed, SetBy
from rules.definition.process import Combine, To
from rules.rounding import How
from rules.table.decision import HitPolicy
from rules.values import Text
from rules.vocabulary import FactType, Source

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
        FieldKind.CITIZEN_ID: Text("Số định danh cá nhân", "Citizen number"),
        FieldKind.OLD_ID: Text("Số chứng minh nhân dân 9 số", "Old identity card number of 9 digits"),
        FieldKind.PASSPORT: Text("Số hộ chiếu", "Passport number"),
        FieldKind.TAX_CODE: Text("Mã số thuế của tổ chức", "Tax code of an organisation"),
        FieldKind.ORG_CODE: Text("Mã định danh cơ quan, tổ chức", "Code of a body"),
        FieldKind.PHONE: Text("Số điện thoại", "Phone number"),
        FieldKind.EMAIL: Text("Thư điện tử", "E-mail"),
        FieldKind.UNIT: Text("Xã, phường trong danh mục đơn vị hành chính", "Commune or ward of the register"),
        FieldKind.DOSSIER: Text("Mã một hồ sơ đã nộp", "Code of a dossier"),
        FieldKind.RESULT: Text("Số một kết quả đã cấp", "Number of a result"),
        FieldKind.FINDING: Text("Nhận định của cán bộ theo danh mục", "Finding of the officer by a checklist"),
        FieldKind.NOTE: Text("Lời giải thích", "Explanatory text"),
        FieldKind.GROUP: Text("Bảng nhiều dòng", "Table of rows"),
    }
)
BLOCK_KINDS: Mapping[BlockKind, Text] = MappingProxyType(
    {
        BlockKind.ADDRESS: Text("Địa chỉ", "Address"),
        BlockKind.ORGANISATION: Text("Tổ chức", "Organisation"),
        BlockKind.PARTY: Text("Người có vai trò trong hồ sơ", "Person with a role in the dossier"),
    }
)
NOT_TYPED = Text("Không nhập", "Not typed")
"""Instead of whether an answer is needed: of notes, and of what is worked out."""
FIELD_STAGES: Mapping[FieldStage, Text] = MappingProxyType(
    {
        FieldStage.CITIZEN: Text("người nộp điền", "filled in by the applicant"),
        FieldStage.RECEPTION: Text("cán bộ tiếp nhận điền", "filled in at reception"),
        FieldStage.APPRAISAL: Text("cán bộ thẩm định điền", "filled in at appraisal"),
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
        SetBy.LAW: Text("Luật, nghị định", "Law or decree"),
        SetBy.MINISTRY_OF_FINANCE: Text("Bộ Tài chính", "Ministry of Finance"),
        SetBy.PROVINCIAL_COUNCIL: Text("Hội đồng nhân dân tỉnh", "Provincial People's Council"),
        SetBy.SERVICE_UNIT: Text("Đơn vị cung cấp dịch vụ", "The unit that provides the service"),
        SetBy.OTHER: Text("Cơ quan khác", "Another body"),
    }
)
COLLECTED: Mapping[Collected, Text] = MappingProxyType(
    {
        Collected.AT_FILING: Text("Thu khi nộp hồ sơ", "Collected at filing"),
        Collected.AT_RESULT: Text("Thu khi trả kết quả", "Collected with the result"),
        Collected.BY_NOTICE: Text("Thu theo thông báo", "Collected by a notice"),
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
        "outside": Text("khi có trả lời từ bên ngoài", "with the answer from outside"),
    }
)
LATER = Text("khi giải quyết", "during processing")
"""When an officer finds a fact whose stage has no name of its own here."""

ROUNDED: Mapping[How, Text] = MappingProxyType(
    {
        How.UP: Text("làm tròn lên đến bội số của", "rounded up to a multiple of"),
        How.DOWN: Text("làm tròn xuống đến bội số của", "rounded down to a multiple of"),
        How.HALF_UP: Text("làm tròn đến bội số gần nhất của", "rounded to the nearest multiple of"),
    }
)
FOUND_BY: Mapping[Source, Text] = MappingProxyType(
    {
        Source.OFFICER: Text("Cán bộ ghi nhận", "Recorded by an officer"),
        Source.PAPER: Text("Lấy từ giấy tờ", "Taken from a paper"),
        Source.REGISTRY: Text("Lấy từ cơ sở dữ liệu", "Taken from a registry"),
        Source.HISTORY: Text("Lấy từ các hồ sơ trước", "Taken from earlier dossiers"),
        Source.OUTSIDE: Text("Cơ quan khác trả lời", "Answered by another body"),
    }
)
FOUND_AS: Mapping[FactType, Text] = MappingProxyType(
    {
        FactType.BOOL: Text("có hoặc không", "yes or no"),
        FactType.DAY: Text("một ngày", "a day"),
        FactType.MONEY: Text("một số tiền", "an amount of money"),
        FactType.INT: Text("một số", "a number"),
        FactType.FIXED: Text("một số đo", "a measure"),
        FactType.MOMENT: Text("một ngày giờ", "a day and time"),
        FactType.TEXT: Text("chữ", "text"),
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
        "payout": Text("Mức chi trả", "Amount paid out"),
        "percent": Text("Mức giảm", "Reduction"),
        "off": Text("Mức giảm", "Reduction"),
        "need": Text("Yêu cầu", "Need"),
        "to": Text("Chuyển đến", "Goes to"),
        "reason": Text("Lý do không tiếp nhận", "Ground of refusal"),
        "ground": Text("Lý do từ chối", "Ground of turning down"),
        "unit": Text("Đơn vị", "Unit"),
        "cutoff": Text("Giờ chốt", "Cut-off"),
    }
)
"""The heads of the customary outputs of tables."""

ROLLS = Text(
    "ngày cuối là ngày nghỉ thì chuyển sang ngày làm việc kế tiếp", "a last day off moves to the next working day"
)
ROLLS_NOT = Text("kết thúc đúng ngày cuối, kể cả ngày nghỉ", "it ends on the last day, a day off too")
"""Where days and months end (BLDS 2015, khoản 5 Điều 148)."""

RELATIONS: Mapping[To, Text] = MappingProxyType(
    {
        To.RECEIVING_UNIT: Text("đơn vị tiếp nhận", "the unit that receives"),
        To.UNIT_OF_FACT: Text("đơn vị theo dữ kiện của hồ sơ", "the unit by a fact of the dossier"),
        To.REGISTERING_UNIT: Text("cơ quan đã đăng ký việc này", "the body that registered the event"),
        To.DEPARTMENT_OF_FIELD: Text("sở, ban, ngành quản lý lĩnh vực", "the department for the field of work"),
        To.NAMED_UNIT: Text("một đơn vị xác định", "one named unit"),
        To.BRANCH: Text("một chi nhánh", "a branch"),
    }
)
BEGINS: Mapping[Begins, Text] = MappingProxyType(
    {
        Begins.ACCEPTANCE: Text(
            "Thời hạn tính từ lúc tiếp nhận, kể cả khi hồ sơ được chuyển đến cơ quan khác.",
            "The time limit counts from acceptance, also where the dossier is transferred to another body.",
        ),
        Begins.TRANSFER: Text(
            "Thời hạn tính từ lúc cơ quan có thẩm quyền nhận được hồ sơ chuyển đến.",
            "The time limit counts from when the competent body receives the dossier.",
        ),
    }
)
COMBINED: Mapping[Combine, Text] = MappingProxyType(
    {
        Combine.LONGEST: Text(
            "Khi nhiều dòng cùng áp dụng thì lấy thời hạn dài nhất.", "Where several rows apply, the longest counts."
        ),
        Combine.SUM: Text(
            "Khi nhiều dòng cùng áp dụng thì cộng các thời hạn.", "Where several rows apply, they are added up."
        ),
    }
)
EFFECTS: Mapping[Effect, Text] = MappingProxyType(
    {
        Effect.PAUSE: Text("tạm dừng tính thời hạn, sau đó tính tiếp phần còn lại", "the clock stands, then goes on"),
        Effect.RESTART: Text("sau đó tính lại thời hạn từ đầu", "the whole time limit is counted anew afterwards"),
        Effect.RUN_ON: Text("thời hạn vẫn tính", "the time limit runs on"),
    }
)
SOURCES: Mapping[Source, Text] = MappingProxyType(
    {
        Source.OFFICER: Text("Cán bộ ghi nhận", "Recorded by an officer"),
        Source.PAPER: Text("Ghi theo giấy tờ", "Read from a paper"),
        Source.REGISTRY: Text("Tra trong cơ sở dữ liệu", "Looked up in a register"),
        Source.HISTORY: Text("Tra trong các hồ sơ trước đây", "Looked up in earlier dossiers"),
        Source.OUTSIDE: Text("Cơ quan khác trả lời", "Answered by another body"),
    }
)
"""Where a fact comes from that is handed in beside the form."""

NO_RULE = Text("chưa có quy định áp dụng", "no rule applies")
