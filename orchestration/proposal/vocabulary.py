"""The words that files use for our columns, entities, stages and answers.

Headers stand in `headers.yml`. All words are as `words` leaves them: lower case, without accents, single blanks.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path

import yaml

from orchestration.agreement.stages import Stage

Phrases = tuple[tuple[str, ...], ...]

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?!Ds\b)")
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


def words(text: str) -> tuple[str, ...]:
    """`"Amount spent (IDR)"` -> ("amount", "spent"), `"dealId"` -> ("deal", "id"); accents and brackets go."""
    plain = unicodedata.normalize("NFKD", _IN_BRACKETS.sub(" ", text))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(re.findall(r"[a-z0-9]+", _CAMEL.sub(" ", plain).lower()))


def phrases(text: str) -> Phrases:
    """`"no hp | wa"` -> (("no", "hp"), ("wa",))."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


# What an entity's rows are called: in file names, and before a column's own name ("Deal Name", "nama lead").
ENTITY_WORDS: dict[str, frozenset[str]] = {
    entity: frozenset(text.split())
    for entity, text in {
        "leads": "lead leads contact contacts prospect prospects mql mqls enquiry enquiries inquiry inquiries person "
        "people prospek kontak calon contato contatos contacto contactos",
        "deals": "deal deals opportunity opportunities peluang closing oportunidade oportunidades oportunidad "
        "oportunidades negocio negocios",
        "orders": "order orders pesanan penjualan pedido pedidos transaction transactions transaksi compra compras",
        "accounts": "account accounts company companies perusahaan empresa empresas organization organizations",
        "activities": "activity activities engagement engagements task tasks call calls meeting meetings aktivitas "
        "atividade atividades actividad actividades",
        "ad_spend": "ads spend insights biaya gasto gastos",
        "campaigns": "campaign campaigns kampanye campanha campanhas campana campanas",
        "owners": "owner owners user users rep reps",
        "touchpoints": "touchpoint touchpoints touch touches",
        "web_events": "event events pageviews",
        "marketing_emails": "newsletter mailing",
    }.items()
}
# Words of a file's name that tell the entity from one that its other words name ("lead stage history").
FILE_WORDS: dict[str, frozenset[str]] = {
    **ENTITY_WORDS,
    "lead_stage_history": frozenset({"lead", "stage", "history"}),
    "deal_stage_history": frozenset({"deal", "stage", "history"}),
    "exchange_rates": frozenset({"exchange", "rates", "kurs"}),
}

_TIMES_OF_CREATION = ("created_at", "ordered_at", "occurred_at")


@functools.cache
def _headers() -> dict[str, dict[str, Phrases]]:
    """`headers.yml`: entity -> canonical column -> the headers that mean it."""
    text = Path(__file__).with_name("headers.yml").read_text(encoding="utf-8")
    return {
        entity: {column: phrases(headers) for column, headers in columns.items()}
        for entity, columns in yaml.safe_load(text).items()
    }


@functools.cache
def headers(entity: str, column: str) -> Phrases:
    """The headers that mean this canonical column, the likelier first; its own name before all."""
    known = _headers()
    own = known.get(entity, {}).get(column) or known["any"].get(column, ())
    created = known["created"]["at"] if column in _TIMES_OF_CREATION else ()
    return (tuple(column.split("_")), *own, *created)


def within(column: str) -> Phrases:
    """The phrases by which a longer header speaks of this canonical column."""
    return _headers()["within"].get(column, ())


# Columns whose text may be an id that stands for the thing: "landing_page_id", "sr_id", "owner name".
MAY_BE_AN_ID = ("landing_page", "owner", "campaign", "source", "product", "shop", "pipeline", "company")
ID_WORDS = frozenset(
    ["id", "ids", "number", "no", "nomor", "code", "kode", "key", "codigo", "numero", "sn", "uuid", "guid"]
)
# A column of days whose rows are of a whole week or month.
PERIOD_WORDS = {"week": "week", "minggu": "week", "semana": "week", "month": "month", "bulan": "month", "mes": "month"}
# A column of days with one of these words may have another that says when it ends.
START_WORDS = frozenset(["start", "starts", "from", "awal", "mulai", "inicio"])
# A header with one of these words is about winning, so every row that has it filled is won.
WON_WORDS = frozenset(["won", "menang", "ganho", "ganado", "gano", "closing"])
# An address in a column with one of these words is a colleague's, not a customer's.
COLLEAGUE_WORDS = frozenset(
    [
        "owner",
        "rep",
        "sales",
        "salesperson",
        "sdr",
        "bdr",
        "ae",
        "pic",
        "agent",
        "assigned",
        "assignee",
        "creator",
        "user",
        "manager",
        "vendedor",
        "responsavel",
        "responsable",
    ]
)
QUALIFIED_WORDS = (("mql",), ("mqls",), ("marketing", "qualified"))

# A sheet of leads that also says what they bought: only headers that can't be a lead's own revenue.
SALE_HEADERS = phrases(
    "nilai deal | deal value | deal amount | nilai closing | nilai penjualan | nilai transaksi | omzet | amount won | "
    "valor do negocio | valor da venda | valor del negocio | valor de la venta | opportunity amount | sale amount"
)
# ... and in a sheet of leads, the columns that lead to a deal: "Converted Opportunity ID".
DEAL_LINKS = phrases(
    "converted opportunity id | opportunity id | associated deal ids | associated deal id | deal id | id deal | no deal"
)

SAYS_NOTHING = frozenset(
    ("", "unknown", "n a", "na", "none", "null", "not set", "undefined", "tidak diketahui", "tidak ada", "desconhecido",
     "desconocido", "nao informado", "sin datos")
)  # fmt: skip
# Google Analytics' source and medium of a visit without an origin.
SAYS_DIRECT = frozenset(("(direct)", "(none)"))
YES = frozenset(["true", "yes", "y", "1", "t", "ya", "iya", "sim", "s", "si", "verdadeiro", "verdadero", "benar"])
NO = frozenset(["false", "no", "n", "0", "f", "tidak", "nao", "falso", "salah", "bukan", "belum"])

# A CRM's stage names, as whole names first, then by the words in them; the first that fits decides.
_STAGE_NAMES: dict[Stage, str] = {
    "lead": "subscriber|lead|new|open|baru|novo|nuevo|not contacted|open not contacted|attempted to contact|contacted|"
    "working|working contacted|in progress|attempting|dihubungi|follow up|prospek|contatado|contactado",
    "mql": "mql|marketingqualifiedlead|marketing qualified|pre qualified|prequalified",
    "sql": "sql|salesqualifiedlead|sales qualified|qualified|sales accepted|sal|closed converted|converted|"
    "qualificado|calificado|terkualifikasi",
    "opportunity": "opportunity|open deal|peluang|proposal|negotiation|nego|negosiasi|penawaran|oportunidade|"
    "oportunidad",
    "customer": "customer|won|evangelist|customer won|deal|closing|closed won|pelanggan|menang|cliente|ganho|ganado",
    "disqualified": "unqualified|disqualified|not qualified|junk|junk lead|lost|lost lead|spam|closed not converted|"
    "bad timing|batal|gagal|tidak jadi|kalah|tidak tertarik|desqualificado|perdido|descartado|descalificado",
    "recycled": "recycled|nurture|nurturing|contact in future|returned to marketing|dikembalikan",
}
_STAGES_BY_NAME = {tuple(name.split()): stage for stage, names in _STAGE_NAMES.items() for name in names.split("|")}
_STAGES_BY_WORDS = (
    (("not", "converted"), "disqualified"),
    (("not", "qualified"), "disqualified"),
    (("unqualified",), "disqualified"),
    (("disqualified",), "disqualified"),
    (("junk",), "disqualified"),
    (("lost",), "disqualified"),
    (("marketing", "qualified"), "mql"),
    (("mql",), "mql"),
    (("sales", "qualified"), "sql"),
    (("sales", "accepted"), "sql"),
    (("sql",), "sql"),
    (("nurturing",), "recycled"),
    (("recycled",), "recycled"),
    (("customer",), "customer"),
    (("won",), "customer"),
    (("opportunity",), "opportunity"),
)


def stage_of(value: str) -> str | None:
    """Our lifecycle stage for a CRM's name of it; None when its words do not tell."""
    found = words(value)
    if found in _STAGES_BY_NAME:
        return _STAGES_BY_NAME[found]
    return next((stage for needed, stage in _STAGES_BY_WORDS if set(needed) <= set(found)), None)


_REACHED = frozenset(
    ["became", "date", "entered", "reached", "since", "on", "at", "time", "tanggal", "tgl", "jadi", "menjadi", "masuk"]
)


def milestone_of(header: str) -> str | None:
    """The stage that a column of times says when it was reached: "Became a Sales Qualified Lead Date", "Tgl MQL"."""
    found = words(header)
    named = " ".join(word for word in found if word not in _REACHED | {"a", "an", "the", "stage", "lifecycle"})
    is_about_one = {"became", "entered", "reached", "jadi", "menjadi"} & set(found)
    stage = _STAGES_BY_NAME.get(tuple(named.removesuffix(" lead").split()))
    reached = {"mql", "sql", "opportunity", "customer"} if is_about_one else {"mql", "sql"}
    return stage if _REACHED & set(found) and stage in reached else None


_WON_DEALS = frozenset(["won", "closedwon", "menang", "ganho", "ganado", "ganada"])
# what an order may be as well
_DONE = frozenset(["success", "selesai", "lunas", "goal"])
_LOST_OUTCOMES = frozenset(
    [
        "lost",
        "closedlost",
        "kalah",
        "batal",
        "dibatalkan",
        "gagal",
        "ditolak",
        "tolak",
        "hilang",
        "perdido",
        "perdida",
        "cancelled",
        "canceled",
        "abandoned",
        "declined",
        "disqualified",
    ]
)


def outcome_of(value: str) -> bool | None:
    """Whether a deal's stage or status says that it was won (True) or lost (False); None for one that goes on."""
    found = set(words(value))
    if found & _LOST_OUTCOMES:
        return False
    return True if found & (_WON_DEALS | _DONE) or value.casefold().strip() in ("deal", "closing") else None


def is_won_deal(value: str) -> bool:
    """Whether a status says that a deal was won, in a word that no order has."""
    return bool(set(words(value)) & _WON_DEALS)


# What a status says of a record that is kept though it was deleted.
DELETED = (("deleted",), ("dihapus",), ("terhapus",), ("in", "trash"), ("excluido",), ("eliminado",))

# A currency's signs; the dollar alone could be a dozen.
CURRENCY_SIGNS = {
    "rp": "IDR", "r$": "BRL", "us$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "rm": "MYR", "s$": "SGD", "₱": "PHP",
    "฿": "THB", "₫": "VND", "₹": "INR", "¥": "JPY", "a$": "AUD", "mx$": "MXN",
}  # fmt: skip
# Where a currency is used: the zone of most of its people, and the country of phone numbers without a code.
CURRENCY_HOMES = {
    "IDR": ("Asia/Jakarta", "ID"), "BRL": ("America/Sao_Paulo", "BR"), "MYR": ("Asia/Kuala_Lumpur", "MY"),
    "SGD": ("Asia/Singapore", "SG"), "PHP": ("Asia/Manila", "PH"), "THB": ("Asia/Bangkok", "TH"),
    "VND": ("Asia/Ho_Chi_Minh", "VN"), "INR": ("Asia/Kolkata", "IN"), "JPY": ("Asia/Tokyo", "JP"),
    "MXN": ("America/Mexico_City", "MX"), "ARS": ("America/Argentina/Buenos_Aires", "AR"),
    "CLP": ("America/Santiago", "CL"), "COP": ("America/Bogota", "CO"), "PEN": ("America/Lima", "PE"),
    "GBP": ("Europe/London", "GB"),
}  # fmt: skip
CURRENCY_CODES = frozenset(CURRENCY_HOMES) | frozenset(CURRENCY_SIGNS.values()) | {"EUR", "USD", "CHF", "CNY", "CAD"}
