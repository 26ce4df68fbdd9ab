"use strict";
/* The law of a form in the browser: what was typed becomes facts, and conditions and formulas are computed over them,
   each exactly as the server does (forms/browser.py writes the law; forms/, rules/table and rules/formula are its model).
   Numbers, days and moments are whole numbers without bound. No page is touched here. */

const FormLaw = (() => {
  const MAX_WHOLE = 2n ** 62n;
  const EPOCH_DAY = 719163; // 1970-01-01, counted from 0001-01-01
  const LAST_DAY = 3652059;
  const DAY_MILLISECONDS = 86400000;
  const NUMBER_LENGTH = 40;
  const HOURS_AHEAD = 7n; // legal time
  const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"; // what Python calls one

  class OutOfBounds extends Error {}

  class Day {
    constructor(ordinal) {
      if (!(ordinal >= 1 && ordinal <= LAST_DAY)) throw new OutOfBounds();
      this.ordinal = Number(ordinal);
    }
    get civil() {
      const at = new Date((this.ordinal - EPOCH_DAY) * DAY_MILLISECONDS);
      return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
    }
    static of(year, month, day) {
      const at = new Date(0);
      at.setUTCFullYear(year, month - 1, day);
      return new Day(at.getTime() / DAY_MILLISECONDS + EPOCH_DAY);
    }
    static lastOfMonth(year, month) {
      const at = new Date(0);
      at.setUTCFullYear(year, month, 0);
      return at.getUTCDate();
    }
  }

  class Moment {
    constructor(minutes) {
      this.minutes = minutes; // since 1970-01-01 UTC
    }
  }

  /* ---- reading what was typed: a value, or a refusal; nobody is told here, the server says why ---- */

  const REFUSED = Symbol("refused");
  const spaces = new RegExp(`${SPACE}+`, "gu");
  const stripped = (text) => text.replace(new RegExp(`^${SPACE}+|${SPACE}+$`, "gu"), "");
  const beginning = (text, length) => Array.from(text.slice(0, 2 * length)).slice(0, length).join("");
  const lengthOf = (text) => Array.from(text).length;
  const whole = (pattern, text) => new RegExp(`^(?:${pattern})$`, "u").exec(text);

  const BROKEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]/u;
  const GROUPED = "-?[0-9]{1,3}(?:[. \\u00a0\\u202f][0-9]{3})+|-?[0-9]+";
  const MEASURE = "-?(?:[0-9]{1,3}(?:[. \\u00a0\\u202f][0-9]{3})+|[0-9]+)(?:,[0-9]+)?";
  const CURRENCY = new RegExp(`${SPACE}*(?:đồng|vnđ|vnd|đ|₫)\\.?$`, "iu");
  const MOMENT = `([0-9/.-]+)(?:T|(?:${SPACE}|,)+)([0-9]{1,2}:[0-9]{2})|([0-9]{1,2}:[0-9]{2})(?:${SPACE}|,)+([0-9/.-]+)`;
  const EMAIL = `(?:(?!${SPACE})[^@,;<>"])+@(?:(?!${SPACE})[^@,;<>".])+(?:\\.(?:(?!${SPACE})[^@,;<>".])+)+`;
  const without = (text, marks) => beginning(text, NUMBER_LENGTH + 1).replace(new RegExp(`${SPACE}|${marks}`, "gu"), "");

  function plain(typed, most) {
    if (lengthOf(typed) > 3 * most || BROKEN.test(typed)) return REFUSED;
    const composed = typed.normalize("NFC");
    return lengthOf(composed) <= most ? composed : REFUSED;
  }

  function text(typed, spec) {
    const read = plain(typed, spec.length);
    return read === REFUSED ? read : stripped(read.replace(spaces, " "));
  }

  function longText(typed, spec) {
    const read = plain(typed.replace(/\r\n?/g, "\n"), spec.length);
    return read === REFUSED ? read : stripped(read);
  }

  function email(typed, spec) {
    const read = plain(typed, spec.length);
    const clean = read === REFUSED ? read : stripped(read);
    return clean !== REFUSED && whole(EMAIL, clean) ? clean : REFUSED;
  }

  const bounded = (number, spec) => (number < BigInt(spec.least) || number > BigInt(spec.most) ? REFUSED : number);

  function wholeNumber(typed, spec) {
    const clean = stripped(beginning(typed, NUMBER_LENGTH + 1));
    if (!whole(GROUPED, clean) || clean.length > NUMBER_LENGTH) return REFUSED;
    return bounded(BigInt(clean.replace(/[^0-9-]/g, "")), spec);
  }

  function money(typed, spec) {
    return wholeNumber(stripped(beginning(typed, NUMBER_LENGTH + 1)).replace(CURRENCY, ""), spec);
  }

  function measure(typed, spec) {
    const clean = stripped(beginning(typed, NUMBER_LENGTH + 1));
    if (!whole(MEASURE, clean) || clean.length > NUMBER_LENGTH) return REFUSED;
    const [units, fraction = ""] = clean.replace(/[^0-9,-]/g, "").split(",");
    if (fraction.length > spec.scale || units.replace("-", "").length > 18) return REFUSED;
    const digits = BigInt(units.replace("-", "") + fraction.padEnd(spec.scale, "0"));
    if (digits >= MAX_WHOLE) return REFUSED;
    return bounded(units.startsWith("-") ? -digits : digits, spec);
  }

  function dayOf(typed) {
    const clean = stripped(typed);
    const [, first, month, last] = whole("([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})", clean) ?? whole("([0-9]{4})-([0-9]{2})-([0-9]{2})", clean) ?? [];
    if (first === undefined) return REFUSED;
    const [year, day] = (first.length === 4 ? [first, last] : [last, first]).map(Number);
    const isDay = year >= 1800 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= Day.lastOfMonth(year, Number(month));
    return isDay ? Day.of(year, Number(month), day) : REFUSED;
  }

  function day(typed, spec, today) {
    const read = dayOf(typed);
    if (read === REFUSED) return read;
    return (spec.notAfter && read.ordinal > today) || (spec.notBefore && read.ordinal < today) ? REFUSED : read;
  }

  function moment(typed) {
    const found = whole(MOMENT, stripped(beginning(typed, NUMBER_LENGTH + 1)));
    const on = found ? dayOf(found[1] ?? found[4]) : REFUSED;
    if (on === REFUSED || on.civil.year <= 1900) return REFUSED;
    const [hour, minute] = (found[2] ?? found[3]).split(":").map(Number);
    if (hour > 23 || minute > 59) return REFUSED;
    return new Moment((BigInt(on.ordinal - EPOCH_DAY) * 24n + BigInt(hour) - HOURS_AHEAD) * 60n + BigInt(minute));
  }

  function citizenId(typed) {
    const digits = without(typed, "\\.");
    return whole("[0-9]{12}", digits) ? digits : REFUSED;
  }

  const TAX_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

  function taxCode(typed) {
    const digits = without(typed, "[.\\-]");
    const code = digits.length > 10 ? `${digits.slice(0, 10)}-${digits.slice(10)}` : digits;
    if (whole("[0-9]{12}", digits) || !whole("[0-9]{10}(?:-(?!000)[0-9]{3})?", code)) return REFUSED;
    const sum = TAX_WEIGHTS.reduce((total, weight, place) => total + weight * Number(code[place]), 0);
    return (sum % 11) + Number(code[9]) === 10 ? code : REFUSED;
  }

  function phone(typed) {
    const digits = without(typed, "[.()\\-]").replace(/^(?:\+|00)840?|^84(?=[235789][0-9]{8,9}$)/u, "0");
    return whole("0[35789][0-9]{8}|02[0-9]{8,9}", digits) ? digits : REFUSED;
  }

  const READERS = {
    text, long_text: longText, whole_number: wholeNumber, money, measure, day, moment,
    citizen_id: citizenId, tax_code: taxCode, phone, email,
  };

  /* One answer as the server sees it: its fact (undefined: unknown), and whether nothing was answered. */
  function answerOf(spec, name, sent, today) {
    const values = sent.get(name) ?? [];
    if (spec.served || spec.computed) return { blank: spec.computed || stripped(values[0] ?? "") === "" };
    if (spec.kind === "choices") return ticked(spec, values);
    const typed = values[0] ?? "";
    if (spec.codes || spec.kind === "yes_no") return chosen(spec, typed);
    if (stripped(typed) === "") return { blank: true };
    const read = READERS[spec.kind](typed, spec, today);
    return { blank: false, fact: read === REFUSED ? undefined : read };
  }

  function ticked(spec, values) {
    const codes = Array.from(new Set(values)).filter((code) => code !== "").sort();
    const isGood = codes.every((code) => spec.codes.includes(code));
    return { blank: codes.length === 0, fact: isGood ? codes : undefined };
  }

  function chosen(spec, typed) {
    if (typed === "") return { blank: true };
    const codes = spec.kind === "yes_no" ? ["true", "false"] : spec.codes;
    if (!codes.includes(typed)) return { blank: false };
    return { blank: false, fact: spec.kind === "yes_no" ? typed === "true" : typed };
  }

  /* ---- conditions ---- */

  const asNumber = (value) => (value instanceof Day ? BigInt(value.ordinal) : value instanceof Moment ? value.minutes : value);

  function passes([kind, ...told], value) {
    if (kind === "any") return true;
    if (kind === "known") return (value !== undefined) === told[0];
    if (value === undefined) return false;
    if (kind === "in") return told[0].some(([low, high]) => (low === null || BigInt(low) <= asNumber(value)) && (high === null || asNumber(value) < BigInt(high)));
    if (kind === "of") return told[0].includes(value) !== told[1];
    const held = Array.isArray(value) ? value : [];
    if (told[0] === "all") return told[1].every((code) => held.includes(code));
    return told[1].some((code) => held.includes(code)) === (told[0] === "any");
  }

  const holds = (condition, look) => condition.some((group) => group.every(([name, test]) => passes(test, look(name))));

  /* The facts as conditions see them: the answers of hidden fields are unknown. Two fields that wait for each other are
     both hidden, whichever is asked about first. */
  function sightOf(fields, facts) {
    const byId = new Map(fields.map((spec) => [spec.id, spec]));
    const seen = new Map();
    const waiting = new Set();
    const look = (name) => (byId.has(name) && !sees(name) ? undefined : facts.get(name));
    const sees = (id) => {
      if (waiting.has(id)) return false;
      if (!seen.has(id)) {
        waiting.add(id);
        const condition = byId.get(id).shown;
        seen.set(id, condition === undefined || holds(condition, look));
        waiting.delete(id);
      }
      return seen.get(id);
    };
    return { sees, met: (said) => said !== undefined && (said === true || holds(said, look)) };
  }

  /* Fields that wait for each other in a circle are judged by the order of asking: here that of the form, as there. */
  function shownOf(fields, facts) {
    const sight = sightOf(fields, facts);
    return new Set(fields.map((spec) => spec.id).filter(sight.sees));
  }

  /* ---- formulas ---- */

  const floored = (one, other) => {
    const quotient = one / other;
    return one % other !== 0n && one < 0n !== other < 0n ? quotient - 1n : quotient;
  };

  function ratio([how, to, digits], numerator, denominator) {
    const [one, other] = [numerator * 10n ** BigInt(digits), denominator * BigInt(to)];
    if (other === 0n) throw new OutOfBounds();
    if (how === "down") return BigInt(to) * floored(one, other);
    if (how === "up") return BigInt(to) * -floored(-one, other);
    return BigInt(to) * floored(2n * one + other, 2n * other);
  }

  function kept(number) {
    if (number <= -MAX_WHOLE || number >= MAX_WHOLE) throw new OutOfBounds();
    return number;
  }

  const isSame = (one, other) => asNumber(one) === asNumber(other);
  const isBefore = (one, other) => asNumber(one) < asNumber(other);
  const COMPARE = {
    "=": isSame,
    "!=": (one, other) => !isSame(one, other),
    "<": isBefore,
    "<=": (one, other) => !isBefore(other, one),
    ">": (one, other) => isBefore(other, one),
    ">=": (one, other) => !isBefore(one, other),
  };
  const extreme = (isBetter) => (values) => values.reduce((best, value) => (isBetter(value, best) ? value : best));
  const least = extreme(isBefore);
  const most = extreme((one, other) => isBefore(other, one));

  const laterDay = (from, days) => {
    if (days > BigInt(LAST_DAY) || days < -BigInt(LAST_DAY)) throw new OutOfBounds();
    return new Day(from.ordinal + Number(days));
  };

  function laterMonth(from, months) {
    if (months > 12n * 9999n || months < -12n * 9999n) throw new OutOfBounds();
    const { year, month, day: number } = from.civil;
    const count = year * 12 + month - 1 + Number(months);
    const years = Math.floor(count / 12);
    if (years < 1 || years > 9999) throw new OutOfBounds();
    const then = (count % 12 + 12) % 12 + 1;
    return Day.of(years, then, Math.min(number, Day.lastOfMonth(years, then)));
  }

  function monthsBetween(start, end) {
    if (isBefore(end, start)) return -monthsBetween(end, start);
    const [one, other] = [start.civil, end.civil];
    const months = (other.year - one.year) * 12 + other.month - one.month;
    return other.day >= Math.min(one.day, Day.lastOfMonth(other.year, other.month)) ? months : months - 1;
  }

  const yearsBetween = (start, end) => BigInt(Math.trunc(monthsBetween(start, end) / 12));

  const STRICT = {
    not: ([held]) => !held,
    min: least,
    max: most,
    between: ([value, low, high]) => !isBefore(value, low) && !isBefore(high, value),
    in: ([value, ...codes]) => codes.some((code) => isSame(value, code)),
    has: ([held, code]) => held.includes(code),
    age: ([start, end]) => yearsBetween(start, end),
    years_between: ([start, end]) => yearsBetween(start, end),
    months_between: ([start, end]) => BigInt(monthsBetween(start, end)),
    days_between: ([start, end]) => BigInt(end.ordinal - start.ordinal),
    add_months: ([from, months]) => laterMonth(from, months),
    add_years: ([from, years]) => laterMonth(from, 12n * years),
    end_of_month: ([on]) => Day.of(on.civil.year, on.civil.month, Day.lastOfMonth(on.civil.year, on.civil.month)),
    end_of_year: ([on]) => Day.of(on.civil.year, 12, 31),
    year_of: ([on]) => BigInt(on.civil.year),
    month_of: ([on]) => BigInt(on.civil.month),
  };

  function junction(parts, scope, stop) {
    let unknown = false;
    for (const part of parts) {
      const held = valueOf(part, scope);
      if (held === stop) return stop;
      unknown ||= held === undefined;
    }
    return unknown ? undefined : !stop;
  }

  function called(name, parts, scope) {
    if (name === "true" || name === "false") return name === "true";
    if (name === "and" || name === "or") return junction(parts, scope, name === "or");
    if (name === "known") return valueOf(parts[0], scope) !== undefined;
    if (name === "if") {
      const held = valueOf(parts[0], scope);
      return held === undefined ? undefined : valueOf(parts[held ? 1 : 2], scope);
    }
    return strictly(parts, scope, STRICT[name]);
  }

  function strictly(parts, scope, combine) {
    const values = [];
    for (const part of parts) {
      const value = valueOf(part, scope);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return combine(values);
  }

  const GATHER = {
    any: (values) => (values.includes(true) ? true : values.includes(undefined) ? undefined : false),
    all: (values) => (values.includes(false) ? false : values.includes(undefined) ? undefined : true),
    min: (values) => (values.length === 0 || values.includes(undefined) ? undefined : least(values)),
    max: (values) => (values.length === 0 || values.includes(undefined) ? undefined : most(values)),
    sum: added,
    count: added,
  };

  function added(values) {
    return values.includes(undefined) ? undefined : kept(values.reduce((total, value) => total + BigInt(value), 0n));
  }

  function over(name, group, expression, scope) {
    const rows = scope.facts.get(group);
    if (rows === undefined) return undefined;
    if (expression === null) return BigInt(rows.length);
    return GATHER[name](rows.map((row) => valueOf(expression, { facts: scope.facts, group, row })));
  }

  function summed(terms, scope) {
    const [[firstSign, first], ...rest] = terms;
    const start = valueOf(first, scope);
    if (start === undefined) return undefined;
    let total = start instanceof Day ? 0n : BigInt(firstSign) * start;
    for (const [sign, term] of rest) {
      const part = valueOf(term, scope);
      if (part === undefined) return undefined;
      total += BigInt(sign) * part;
    }
    return start instanceof Day ? laterDay(start, total) : kept(total);
  }

  function tiered(quantity, { digits, percent, rounding, steps }, fineness) {
    const fine = Math.max(digits, fineness);
    const left = quantity * 10n ** BigInt(fine - fineness);
    let [below, total] = [0n, 0n];
    for (const [upTo, rate] of steps) {
      const end = upTo === null ? left : BigInt(upTo) * 10n ** BigInt(fine - digits);
      const until = end < left ? end : left;
      if (until > below) total += (until - below) * BigInt(rate);
      below = until > below ? until : below;
    }
    return kept(ratio(rounding, total, 10n ** BigInt(fine + (percent ? 8 : 0))));
  }

  const NODES = {
    unknown: () => undefined,
    number: ([number]) => BigInt(number),
    day: ([ordinal]) => new Day(Number(ordinal)),
    moment: ([minutes]) => new Moment(BigInt(minutes)),
    truth: ([held]) => held,
    text: ([said]) => said,
    codes: ([codes]) => codes,
    rows: ([rows]) => rows.map(decodedFacts),
    fact: ([name], { facts, group, row }) => (group !== undefined && name.startsWith(`${group}.`) ? row.get(name.slice(group.length + 1)) : facts.get(name)),
    lookup: ([name, values], { facts }) => (Object.hasOwn(values, facts.get(name) ?? "") ? valueOf(values[facts.get(name)]) : undefined),
    scaled: ([number, digits], scope) => strictly([number], scope, ([value]) => kept(value * 10n ** BigInt(digits))),
    sum: ([terms], scope) => summed(terms, scope),
    product: ([factors], scope) => strictly(factors, scope, (values) => kept(values.reduce((product, value) => product * value, 1n))),
    divide: ([one, other, rounding, less, more], scope) => strictly([one, other], scope, ([dividend, divisor]) => kept(ratio(rounding, dividend * 10n ** BigInt(more), divisor * 10n ** BigInt(less)))),
    round: ([number, rounding, digits], scope) => strictly([number], scope, ([value]) => kept(ratio(rounding, value, 10n ** BigInt(digits)))),
    percent: ([amount, rate, rounding, digits], scope) => strictly([amount, rate], scope, ([one, other]) => kept(ratio(rounding, one * other, 10n ** BigInt(digits + 2)))),
    tiered: ([quantity, scale, digits], scope) => strictly([quantity], scope, ([value]) => tiered(value, scale, digits)),
    compare: ([sign, one, other], scope) => strictly([one, other], scope, ([left, right]) => COMPARE[sign](left, right)),
    call: ([name, parts], scope) => called(name, parts, scope),
    over: ([name, group, expression], scope) => over(name, group, expression, scope),
  };

  const valueOf = ([kind, ...parts], scope) => NODES[kind](parts, scope);

  /* The value of a formula; what cannot be counted is unknown. */
  function computed(tree, facts) {
    try {
      return valueOf(tree, { facts });
    } catch (error) {
      if (error instanceof OutOfBounds) return undefined;
      throw error;
    }
  }

  const decodedFacts = (said) => new Map(Object.entries(said).map(([name, value]) => [name, valueOf(value)]));

  /* ---- a form: what its fields hold, and which of them are shown, required and read-only ---- */

  const joined = (...maps) => new Map(maps.flatMap((each) => Array.from(each)));

  function rowsOf(spec, name, sent, today) {
    const start = `${name}-`;
    const heads = Array.from(sent.keys()).filter((key) => key.startsWith(start)).map((key) => key.slice(start.length).split("-", 1)[0]);
    const places = Array.from(new Set(heads.filter((head) => /^[0-9]{1,9}$/.test(head)).map(Number))).sort((one, other) => one - other);
    const rows = places.map((place) => ({ prefix: `${start}${place}-`, fields: spec.fields, answers: answersOf(spec.fields, `${start}${place}-`, sent, today) }));
    const filled = rows.filter((row) => row.fields.some((each) => !row.answers.get(each.id).blank));
    const isRead = places.length <= spec.mostRows && filled.length >= spec.leastRows;
    return { blank: filled.length === 0, rows, fact: isRead ? filled : undefined };
  }

  function answersOf(fields, prefix, sent, today) {
    return new Map(fields.map((spec) => [spec.id, spec.fields ? rowsOf(spec, prefix + spec.id, sent, today) : answerOf(spec, prefix + spec.id, sent, today)]));
  }

  /* The facts of the fields in sight that were answered well; `around` are facts known from elsewhere. */
  function factsOf(fields, answers, around) {
    const typed = new Map(fields.map((spec) => [spec.id, answers.get(spec.id).fact]).filter(([, fact]) => fact !== undefined));
    const shown = shownOf(fields, joined(around, typed));
    const known = new Map(Array.from(typed).filter(([id]) => shown.has(id)));
    const outside = joined(around, known);
    const read = fields.filter((spec) => known.has(spec.id)).map((spec) => {
      const fact = known.get(spec.id);
      return [spec.id, spec.fields ? fact.map((row) => factsOf(spec.fields, row.answers, outside)) : fact];
    });
    return new Map(read);
  }

  function lookAt(fields, prefix, answers, around, seen) {
    const facts = joined(around, factsOf(fields, answers, around));
    const shown = shownOf(fields, facts);
    const met = (said) => {
      const sight = sightOf(fields, facts);
      return fields.filter((spec) => sight.sees(spec.id) && sight.met(said(spec))).map((spec) => prefix + spec.id);
    };
    fields.filter((spec) => shown.has(spec.id)).forEach((spec) => seen.shown.add(prefix + spec.id));
    met((spec) => spec.required).forEach((name) => seen.required.add(name));
    met((spec) => spec.computed || spec.readOnly).forEach((name) => seen.readOnly.add(name));
    for (const spec of fields.filter((each) => each.fields)) {
      answers.get(spec.id).rows.forEach((row) => lookAt(spec.fields, row.prefix, row.answers, facts, seen));
    }
  }

  /* Answers show and hide each other through computed facts, so look again until nothing changes. Conditions that turn
     in a circle never settle: after so many looks they are left as they are, on the server alike. */
  function settled(part, law, answers, around) {
    let [facts, known, before] = [new Map(), around, null];
    for (let looks = part.fields.length + 2; looks > 0; looks -= 1) {
      facts = factsOf(part.fields, answers, known);
      const said = written(facts);
      if (said === before) break;
      before = said;
      const made = joined(around, facts);
      for (const [name, tree] of law.made) {
        const value = computed(tree, made);
        if (value !== undefined) made.set(name, value);
      }
      known = joined(around, new Map(law.made.filter(([name]) => made.has(name)).map(([name]) => [name, made.get(name)])));
    }
    return { facts, known };
  }

  const prefixOf = (part) => (part.prefix ? `${part.prefix}-` : "");

  /* What a page shows and asks for what is `sent` (name -> values), with what the server `told` (fact -> value). */
  function judged(law, sent, told = {}) {
    const seen = { shown: new Set(), required: new Set(), readOnly: new Set() };
    const today = Number(law.today);
    let early = new Map();
    for (const part of law.before) {
      const answers = answersOf(part.fields, prefixOf(part), sent, today);
      early = joined(early, factsOf(part.fields, answers, new Map()));
      lookAt(part.fields, prefixOf(part), answers, new Map(), seen);
    }
    const lent = law.lent.map(([name, tree]) => [name, computed(tree, early)]).filter(([, value]) => value !== undefined);
    const around = joined(decodedFacts(told), decodedFacts(law.constants), new Map(lent));
    const answers = answersOf(law.form.fields, prefixOf(law.form), sent, today);
    const { facts, known } = settled(law.form, law, answers, around);
    lookAt(law.form.fields, prefixOf(law.form), answers, known, seen);
    return { ...seen, facts, known };
  }

  /* A value with the mark of its kind, as the server writes it. */
  function encoded(value) {
    if (typeof value === "bigint") return ["number", String(value)];
    if (value instanceof Day) return ["day", String(value.ordinal)];
    if (value instanceof Moment) return ["moment", String(value.minutes)];
    if (typeof value === "boolean") return ["truth", value];
    if (typeof value === "string") return ["text", value];
    return value[0] instanceof Map ? ["rows", value.map(encodedFacts)] : ["codes", value];
  }

  const encodedFacts = (facts) => Object.fromEntries(Array.from(facts, ([name, value]) => [name, encoded(value)]));
  const written = (facts) => JSON.stringify(encodedFacts(facts));

  return { judged, computed, decodedFacts, encoded, encodedFacts, Day };
})();
