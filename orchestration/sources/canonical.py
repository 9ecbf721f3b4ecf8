"""The canonical entities: the columns in which every source ends, their kinds, and the key of each.

A staging model ends in these columns, and the `files` connector maps a file straight onto them. The kinds say how a
text is read (`orchestration/sources/files/kinds.py`) and which type its raw column has.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and so how a text is read and which type it has in the warehouse."""

    ID = "id"  # text that identifies; never a number
    TEXT = "text"
    EMAIL = "email"  # identifier, hashed at load
    PHONE = "phone"  # identifier, hashed at load
    EMAIL_HASH = "email_hash"  # SHA-256 (hex) of a normalised address, keyed at load
    LIST = "list"  # texts separated by |
    TIME = "time"  # UTC timestamp
    DATE = "date"  # a day as the source counts it
    MONEY = "money"  # decimal
    NUMBER = "number"  # decimal that is not money
    INTEGER = "integer"
    BOOLEAN = "boolean"
    JSON = "json"  # an object, as text

    @property
    def duckdb_type(self) -> str:
        """The type of the raw column."""
        return _DUCKDB_TYPES.get(self, "VARCHAR")


_DUCKDB_TYPES = {
    Kind.TIME: "TIMESTAMP",
    Kind.DATE: "DATE",
    Kind.MONEY: "DECIMAL(28,8)",
    Kind.NUMBER: "DECIMAL(28,8)",
    Kind.INTEGER: "BIGINT",
    Kind.BOOLEAN: "BOOLEAN",
}


@dataclass(frozen=True)
class Entity:
    """One canonical entity.

    `required` and `optional` map column to kind; `key` is what makes a row unique inside one source;
    of `one_of` (if any) a row needs at least one column.
    """

    name: str
    required: dict[str, Kind]
    optional: dict[str, Kind]
    key: tuple[str, ...]
    one_of: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, Kind]:
        """All columns, required first."""
        return {**self.required, **self.optional}


def _columns(kinds: str) -> dict[str, Kind]:
    """`"lead_id:id name"` -> {"lead_id": Kind.ID, "name": Kind.TEXT}; a column without a kind is text."""
    pairs = (item.partition(":") for item in kinds.split())
    return {name: Kind(kind or "text") for name, _, kind in pairs}


def _entity(name: str, required: str, optional: str, key: str, one_of: str = "") -> Entity:
    return Entity(name, _columns(required), _columns(optional), tuple(key.split()), tuple(one_of.split()))


ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        _entity(
            "leads",
            "lead_id:id created_at:time",
            "email:email phone:phone name company account_id:id industry country employee_count:integer record_type "
            "source medium campaign landing_page click_id:id anonymous_id:id self_reported_source stage owner "
            "consent:boolean updated_at:time merged_into:id merged_ids:list is_deleted:boolean attributes:json",
            key="record_type lead_id",
        ),
        _entity(
            "lead_stage_history",
            "lead_id:id stage entered_at:time",
            "changed_by reason",
            key="lead_id stage entered_at",
        ),
        _entity("lead_attribute_history", "lead_id:id field value entered_at:time", "", key="lead_id field entered_at"),
        _entity("accounts", "account_id:id", "name domain industry employee_count:integer country owner", "account_id"),
        _entity(
            "deals",
            "deal_id:id created_at:time",
            "account_id:id lead_ids:list email:email phone:phone name amount:money currency stage closed_at:time "
            "is_won:boolean is_closed:boolean lost_reason owner product deal_type pipeline updated_at:time "
            "is_deleted:boolean",
            key="deal_id",
        ),
        _entity(
            "deal_stage_history", "deal_id:id stage entered_at:time", "amount:money", key="deal_id stage entered_at"
        ),
        _entity(
            "activities",
            "activity_id:id occurred_at:time",
            "lead_id:id deal_id:id type direction outcome owner is_automatic:boolean body_tags:list",
            key="activity_id",
        ),
        _entity(
            "web_events",
            "event_id:id occurred_at:time anonymous_id:id",
            "event_name user_id:id email_hash:email_hash page_url referrer utm_source utm_medium utm_campaign "
            "utm_content utm_term utm_id:id gclid:id fbclid:id ttclid:id li_fat_id:id user_agent country "
            "consent:boolean properties:json",
            key="event_id",
        ),
        _entity(
            "touchpoints",
            "touchpoint_id:id occurred_at:time",
            "lead_id:id email:email phone:phone anonymous_id:id type channel source medium campaign campaign_id:id "
            "click_id:id content landing_page cost:money",
            key="touchpoint_id",
            one_of="lead_id email phone anonymous_id",
        ),
        _entity(
            "ad_spend",
            "date_day:date account_id:id campaign_id:id spend:money currency",
            "last_day:date period_type campaign_name adset_id:id ad_id:id impressions:integer clicks:integer "
            "reach:integer conversions:number conversion_value:money",
            key="date_day account_id currency campaign_id adset_id ad_id",
        ),
        _entity(
            "orders",
            "order_id:id ordered_at:time amount:money currency",
            "lead_id:id email:email phone:phone account_id:id deal_id:id status voucher_code:id shop "
            "refunded_amount:money refunded_at:time",
            key="order_id",
        ),
        _entity(
            "marketing_emails",
            "email_event_id:id occurred_at:time event",
            "lead_id:id email:email campaign content is_machine:boolean",
            key="email_event_id",
        ),
        _entity(
            "deal_contacts",
            "deal_id:id lead_id:id",
            "role is_primary:boolean association_source",
            key="deal_id lead_id",
        ),
        _entity("campaigns", "campaign_id:id", "account_id:id name objective channel", key="campaign_id"),
        _entity(
            "campaign_members",
            "campaign_id:id lead_id:id occurred_at:time",
            "status",
            key="campaign_id lead_id occurred_at",
        ),
        _entity("ad_clicks", "click_id:id campaign_id:id occurred_at:time", "", key="click_id"),
        _entity(
            "ad_reach",
            "campaign_id:id period_type period_start_date:date reach:integer",
            "frequency:number",
            key="campaign_id period_type period_start_date",
        ),
        _entity(
            "ad_account_totals",
            "date_day:date account_id:id spend:money currency",
            "",
            key="date_day account_id currency",
        ),
        _entity("owners", "owner_id:id", "name team is_active:boolean", key="owner_id"),
        _entity(
            "identity_links",
            "identifier:id linked_identifier:id occurred_at:time",
            "kind",
            key="identifier linked_identifier",
        ),
        _entity("exchange_rates", "date_day:date currency rate:number", "", key="date_day currency"),
        _entity(
            "measurements",
            "date_day:date metric value:number",
            "source dimension",
            key="date_day metric source dimension",
        ),
    )
}

# What an entity's rows are used for.
USED_FOR: dict[str, str] = {
    "leads": "people, their stages, the touch that their record names",
    "lead_stage_history": "when people reached their stages",
    "accounts": "companies",
    "deals": "opportunities, pipeline, revenue, customers",
    "touchpoints": "touches and what they are credited with",
    "ad_spend": "spend, impressions, clicks, costs",
    "orders": "people who are known by an order alone",
    "deal_contacts": "the people of a deal",
    "campaigns": "names and channels of campaigns",
    "exchange_rates": "amounts in other currencies: what one unit is worth in the reporting currency",
}

# What an entity's rows are not used for yet: they are loaded and kept, and no figure depends on them.
NOT_USED_YET: dict[str, str] = {
    "lead_attribute_history": "criteria on what a record said at the time",
    "deal_stage_history": "reopened deals and the open pipeline of past days",
    "activities": "the follow-up by sales",
    "web_events": "visits to the site as touches",
    "orders": "revenue and customers",
    "marketing_emails": "clicks in e-mails as touches",
    "campaign_members": "campaign responses as touches",
    "ad_clicks": "the campaign of a click id",
    "ad_reach": "how many people an ad reached",
    "ad_account_totals": "whether spend is complete",
    "owners": "names and teams of owners",
    "identity_links": "visitors who signed in later",
    "measurements": "figures that are measured elsewhere",
}

# Columns that hold one of a fixed set, by name: what a text may be, folded, and what it then is.
CHOICES: dict[str, dict[str, str]] = {
    "record_type": {name: name for name in ("lead", "contact")},
    "event": {name: name for name in ("sent", "delivered", "open", "click", "unsubscribe")},
    "period_type": {name: name for name in ("week", "month")},
    "direction": {name: name for name in ("inbound", "outbound")},
    # HubSpot and Salesforce say new and existing business
    "deal_type": {
        **{name: name for name in ("new", "expansion", "renewal")},
        **dict.fromkeys(("new_business", "newbusiness", "new_customer"), "new"),
        **dict.fromkeys(("existing_business", "existingbusiness", "upsell", "cross_sell"), "expansion"),
    },
}

# Entities whose rows of one key in one file are parts of a sum; of the others the newest row of a key counts.
ADDS_UP = ("ad_spend",)

# Times that end something: known by its day alone, such a one counts at that day's last second.
ENDS = ("closed_at", "refunded_at")

# Columns beside the canonical ones in every `raw_files.<entity>`.
LOAD_COLUMNS: dict[str, str] = {
    "source_name": "VARCHAR",
    "_file": "VARCHAR",  # path or URL of the file the row came from
    "_record_number": "BIGINT",  # 1 = the first record after the header
    "_modified_at": "TIMESTAMP",  # UTC: when the file last changed; staging takes the newest row of a key by it
    "_load_id": "VARCHAR",  # the run that read it
    "_loaded_at": "TIMESTAMP",  # UTC
}
