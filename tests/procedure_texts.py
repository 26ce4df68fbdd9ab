"""Definition files for the tests of publication: one whole and small, and what to replace in it to break it."""

CODE = "2.000635"

WHOLE = """\
format: 1
code: "2.000635"
name: {vi: Cấp bản sao trích lục hộ tịch}
field_of_work: {vi: Hộ tịch}
example: {vi: "Mức thu của Hà Nội, dùng làm ví dụ"}
statutory:
  steps: {vi: Nộp tờ khai và nhận kết quả tại nơi nộp.}
  ways: [counter, online]
  copies_of_dossier: 1
  applicants: [{vi: Cá nhân}]
  body: {vi: UBND cấp xã}
  result: {code: KQ.G15.000031, name: {vi: Bản sao trích lục hộ tịch}}
basis:
  tt281: {document: "Thông tư 281/2016/TT-BTC", title: {vi: Phí khai thác dữ liệu hộ tịch}, since: 2017-01-01}
lists:
  purpose: [{code: study, label: {vi: Học tập}}, {code: work, label: {vi: Đi làm}}]
fields:
  - {id: copies, kind: whole_number, label: {vi: Số bản cần cấp}, required: true, min: 1, max: 50, unit: copy}
  - {id: says_why, kind: yes_no, label: {vi: Có nêu mục đích}}
  - {id: purpose, kind: choice, list: purpose, label: {vi: Mục đích}, shown_when: {says_why: "true"}}
tables:
  - id: price
    label: {vi: Phí một bản}
    hit: unique
    inputs: [channel]
    outputs: [{id: amount, type: money}]
    rows:
      - {id: fee.counter, when: {channel: not(online)}, then: {amount: 8000}, basis: {document: tt281, note: STT 4}}
      - {id: fee.online, when: {channel: online}, then: {amount: 6000}, basis: {document: tt281, note: STT 4}}
  - id: exempt
    label: {vi: Người được miễn}
    hit: collect
    inputs: [purpose]
    outputs: [{id: percent, type: int}]
    rows:
      - id: cut.study
        when: {purpose: study}
        then: {percent: 100}
        basis: {document: tt281, article: 3}
        since: 2026-08-15
        until: 2027-03-01
  - id: time_limit
    label: {vi: Thời hạn cấp bản sao}
    hit: unique
    inputs: []
    outputs: [{id: amount, type: int}, {id: unit, type: code}]
    rows:
      - {id: time.usual, then: {amount: 3, unit: working_days}, basis: {document: tt281, article: 5}}
charges:
  - id: copy_fee
    label: {vi: Phí bản sao}
    kind: service_fee
    set_by: ministry_of_finance
    amount: {table: price, output: amount}
    times: copies
    cuts: [{table: exempt, output: percent}]
papers:
  - {code: declaration, label: {vi: Tờ khai}, required: true, basis: {document: tt281, article: 2}}
deadline: {table: time_limit}
cases:
  - name: {vi: 3 bản tại quầy là 24.000 đồng}
    given: {channel: counter, copies: 3}
    on: 2026-11-20
    then: {total: 24000, charges: {copy_fee: 24000}, papers: [declaration], because: [fee.counter]}
  - name: {vi: 3 bản trực tuyến để học tập thì được miễn}
    given: {channel: online, copies: 3, says_why: true, purpose: study}
    on: 2026-11-20
    then: {total: 0}
"""

UNKNOWN_FIELD = WHOLE.replace("inputs: [channel]", "inputs: [chanel]")
BROKEN_CELL = WHOLE.replace("when: {channel: online}", "when: {channel: '>= 3'}")
BROKEN_YAML = WHOLE.replace("hit: unique\n    inputs: [channel]", "hit: unique\n\tinputs: [channel]")
RED_CASE = WHOLE.replace("total: 24000", "total: 25000")
NO_CASE = WHOLE[: WHOLE.index("cases:")]
DEARER = WHOLE.replace("amount: 8000", "amount: 9000").replace("24000", "27000").replace("24.000", "27.000")
REWORDED = WHOLE.replace("Phí bản sao", "Phí cấp bản sao")
"""The same law in other words: the whole hash differs, the law's does not."""


def line_of(text: str, sign: str) -> int:
    """Return the line (counted from 1) on which the text first says this."""
    return text[: text.index(sign)].count("\n") + 1
