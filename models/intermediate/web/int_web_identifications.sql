-- One row is a moment at which a browser was known to be somebody's: an event that names the person, a lead record that
-- names the browser or the ad's click, or a link that another system states. Who refused consent is not identified.
with

events as (
    select * from {{ ref('int_web_events') }}
    where not is_refused
),

users as (
    select distinct
        site_users.source_system,
        site_users.user_id,
        carrier_persons.lead_key
    from {{ ref('int_identity_site_users') }} as site_users
    inner join {{ ref('int_identity_carrier_persons') }} as carrier_persons
        on site_users.user_key = carrier_persons.carrier_key
),

addresses as (
    select * from {{ ref('int_identity_address_persons') }}
),

named_browsers as (
    select * from {{ ref('int_web_named_browsers') }}
),

by_events as (
    select
        events.source_system,
        events.anonymous_id,
        coalesce(users.lead_key, addresses.lead_key) as lead_key,
        events.occurred_at as identified_at
    from events
    left join users
        on events.source_system = users.source_system and events.user_id = users.user_id
    left join addresses
        on addresses.address_kind = 'e-mail' and events.email_hash = addresses.address_hash
    where events.user_id is not null or events.email_hash is not null
),

identifications as (
    select * from by_events
    union all
    select
        source_system,
        anonymous_id,
        lead_key,
        identified_at
    from named_browsers
)

select distinct
    source_system,
    anonymous_id,
    lead_key,
    identified_at
from identifications
where lead_key is not null
