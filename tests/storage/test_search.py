"""The side table finds dossiers by folded words and by whole answers, within the scope of who asks and no further."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, text

from app.clock import legal_day
from app.extensions import db
from app.services import evaluation as evaluations
from app.storage.dossier import Dossier
from app.storage.procedure import version_in_force
from app.storage.search import DossierField, SavedFilter, lines_of, rewrite_lines, search
from forms.searched import Compared, SearchedField, searched
from rules.definition.procedure import Field, FieldKind
from rules.values import Text
from tests.desk import AT, COPIES, OTHER_RECEIVER, PERSON, RECEIVER, acting, publish, received

NAME = SearchedField(Field("name", FieldKind.TEXT, Text("Tên")), Compared.WORDS)
AREA = SearchedField(Field("area", FieldKind.MEASURE, Text("Diện tích"), scale=1), Compared.NUMBER)
BORN = SearchedField(Field("born", FieldKind.DAY, Text("Ngày sinh")), Compared.DAY)
SEEN = SearchedField(Field("seen", FieldKind.MOMENT, Text("Lúc")), Compared.DAY)
KINDS = SearchedField(Field("kinds", FieldKind.CHOICES, Text("Loại")), Compared.CODE)
NUMBER = SearchedField(Field("number", FieldKind.CITIZEN_ID, Text("Số")), Compared.WHOLE)
PAGES = SearchedField(Field("pages", FieldKind.WHOLE_NUMBER, Text("Trang")), Compared.NUMBER, "originals")
FIELDS = (NAME, AREA, BORN, SEEN, KINDS, NUMBER, PAGES)


def write(dossier_id, **facts) -> None:
    dossier = db.session.scalars(select(Dossier).where(Dossier.uuid == dossier_id)).one()
    lines = lines_of(FIELDS, facts, code=dossier.code, applicant=dossier.applicant_name)
    rewrite_lines(
        db.session(), dossier.id, unit_id=dossier.receiving_unit_id, procedure_id=dossier.procedure_id, lines=lines
    )
    db.session.commit()


def found(words: str, field: str | None = "name") -> dict[int, bool]:
    return search(db.session(), procedure_id=None, field=field, words=words, at_most=100)


@pytest.fixture
def dossiers(database):
    publish(COPIES)
    return received(RECEIVER), received(RECEIVER), received(OTHER_RECEIVER)


def test_each_kind_of_answer_has_its_own_column(app):
    facts = {
        "name": "Đăng  Ký", "area": 1205, "born": date(1990, 2, 1), "seen": datetime(2026, 11, 20, 18, 0, tzinfo=UTC),
        "kinds": ["a", "b"], "number": "087190001234", "originals": [{"pages": 3}, {}, {"pages": 5}],
    }  # fmt: skip
    lines = list(lines_of(FIELDS, facts, code="C-1", applicant=PERSON.full_name))
    kept = [(line.field, line.row, line.text_exact or line.number or line.day) for line in lines]
    assert kept[:6] == [
        ("@code", 0, "c-1"), ("@applicant", 0, "nguyễn thị đào"), ("name", 0, "đăng ký"), ("area", 0, 1205),
        ("born", 0, date(1990, 2, 1)), ("seen", 0, date(2026, 11, 21)),
    ]  # fmt: skip
    assert kept[6:8] + kept[9:] == [
        ("kinds", 0, "a"), ("kinds", 1, "b"), ("originals.pages", 0, 3), ("originals.pages", 2, 5),
    ]  # fmt: skip
    assert "087190001234" not in str(lines)


def test_words_are_found_without_accents_and_those_with_just_these_accents_are_told(dossiers):
    first, second, _ = dossiers
    with acting(RECEIVER):
        write(first, name="Giấy Đăng ký kết hôn")
        write(second, name="Giấy đằng kỳ")
        assert sorted(found("đăng ký").values()) == [False, True]
        assert len(found("DANG KY")) == 2
        assert found("100%") == found("_") == {}
        assert len(found("nguyen thi dao", "@applicant")) == len(found("nguyen thi dao", None)) == 2


def test_nobody_finds_or_counts_what_lies_outside_their_scope(dossiers):
    first, _, other = dossiers
    with acting(OTHER_RECEIVER):
        write(other, name="Đăng ký")
    with acting(RECEIVER):
        write(first, name="Đăng ký")
        assert len(found("dang ky")) == 1
        assert db.session.scalar(select(func.count(DossierField.dossier_id.distinct()))) == 1
    with acting("danhmuc"):
        assert found("dang ky") == {}


def test_writing_the_lines_of_a_dossier_twice_leaves_them_once(dossiers):
    with acting(RECEIVER):
        write(dossiers[0], name="Một", kinds=["a", "b"])
        write(dossiers[0], name="Hai", kinds=["b"])
        assert len(found("hai")) == 1
        assert found("mot") == {}
        assert db.session.scalar(select(func.count()).select_from(DossierField)) == 4


def test_an_equal_answer_is_looked_up_by_its_index_under_the_wall(dossiers):
    with acting(RECEIVER):
        write(dossiers[0], name="Một")
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = db.session.scalars(
            text(
                "EXPLAIN SELECT dossier_id FROM dossier_field"
                " WHERE procedure_id = 1 AND field = 'area' AND number BETWEEN 5 AND 9"
            )
        ).all()
        assert any("dossier_field_number" in line and "Index" in line for line in plan), plan


def test_a_kept_filter_is_seen_by_its_owner_alone(dossiers):
    with acting(RECEIVER) as rights:
        procedure = db.session.scalars(select(Dossier.procedure_id).limit(1)).one()
        db.session.add(SavedFilter(user_id=rights.user_id, procedure_id=procedure, name="Của tôi", asked={}))
        db.session.commit()
        assert db.session.scalars(select(SavedFilter.name)).all() == ["Của tôi"]
    with acting(OTHER_RECEIVER):
        assert db.session.scalars(select(SavedFilter.name)).all() == []


def test_a_procedure_is_searched_by_short_answers_and_by_the_columns_of_its_groups(database):
    publish(COPIES)
    version = version_in_force(db.session(), COPIES, legal_day(AT))
    fields = searched(evaluations.definition_of(version))
    assert [(field.name, field.compared) for field in fields] == [
        ("originals.title", Compared.WORDS), ("originals.pages", Compared.NUMBER),
        ("originals.copies", Compared.NUMBER),
    ]  # fmt: skip
