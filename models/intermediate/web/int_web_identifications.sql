-- One row is a moment at which a browser was known to be somebody's: an event that names the person, a lead record that
-- names the browser or the ad's click, or a link that another system states. Who refused consent is not identified.
with

names as (
    select * from {{ ref('int_web_batch_names') }}
    where anonymous_id is not null
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
        names.source_system,
        names.anonymous_id,
        coalesce(users.lead_key, addresses.lead_key) as lead_key,
        names.occurred_at as identified_at
    from names
    left join users
        on names.source_system = users.source_system and names.user_id = users.user_id
    left join addresses
        on addresses.address_kind = 'e-mail' and names.email_hash = addresses.address_hash
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
