// The words of the page, in three languages (`words/*.json`). Furigana are written {漢字/かんじ}.

const RUBY = /\{([^{}/]+)\/([^{}/]+)\}/g;
export const LANGUAGES = { ja: "日本語", "ja-easy": "やさしい日本語", en: "English" };

// Reasons that share a sentence; the others have one of their own name.
const SENTENCES = {
  not_utf8: "form", not_canonical: "form", too_deep: "form", shape: "form", slot_form: "form", entry_type: "form",
  number_too_large: "limit",
  opens_after_close: "manifest_rule", trustee_ids: "manifest_rule", question_codes: "manifest_rule",
  option_codes: "manifest_rule", question_kind: "manifest_rule",
  point_encoding: "point", point_order: "point",
  audited_cast: "audited", audited_twice: "audited", cast_audited: "audited",
  register_count: "register", register_hash: "register",
  close_ballots: "close_count", close_paper: "close_count",
  result_range: "result",
  audit_randomness: "audit_encryption",
};

export function sentenceOf(reason) {
  const key = `refused.${SENTENCES[reason] ?? reason}`;
  return Object.hasOwn(WORDS.ja, key) ? key : "refused.unexpected";
}

export class Speech {
  constructor(language) {
    this.language = language;
    this.tag = language === "en" ? "en-GB" : "ja-JP";
  }

  // The text of a key, still with its furigana.
  raw(key, values = {}) {
    const text = WORDS[this.language][key] ?? key;
    return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name] ?? "")).replaceAll("%%", "%");
  }

  plain(key, values) {
    return withoutRuby(this.raw(key, values));
  }

  number(value) {
    return value.toLocaleString(this.tag);
  }

  // A moment of the protocol, in the time of Japan.
  moment(text) {
    const format = { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Tokyo" };
    return new Intl.DateTimeFormat(this.tag, format).format(new Date(text));
  }

  // A text of the manifest: [text, language it is written in].
  own(texts) {
    const language = Object.hasOwn(texts, this.language) ? this.language : "ja";
    return [texts[language], language === "en" ? "en" : "ja"];
  }
}

export function withoutRuby(text) {
  return text.replace(RUBY, "$1");
}

// The text as nodes, furigana as ruby.
export function nodesOf(text) {
  const nodes = [];
  let last = 0;
  for (const { 0: whole, 1: base, 2: reading, index } of text.matchAll(RUBY)) {
    nodes.push(text.slice(last, index), rubyOf(base, reading));
    last = index + whole.length;
  }
  return [...nodes, text.slice(last)];
}

function rubyOf(base, reading) {
  const ruby = document.createElement("ruby");
  const above = document.createElement("rt");
  above.textContent = reading;
  ruby.append(base, above);
  return ruby;
}
