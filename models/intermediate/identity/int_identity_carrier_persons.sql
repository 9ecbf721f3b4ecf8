-- One row is a user of a site, or a stated link, that identifiers join with a person's records.
with

components as (
    select * from {{ ref('int_identity_components') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

known_components as (
    select distinct
        components.component,
        persons.lead_key
    from persons
    inner join components
        on persons.record_key = components.record_key
),

carriers as (
    select components.*
    from components
    left join persons
        on components.record_key = persons.record_key
    where persons.record_key is null
),

carrier_persons as (
    select
        carriers.record_key as carrier_key,
        known_components.lead_key
    from carriers
    inner join known_components
        on carriers.component = known_components.component
)

select * from carrier_persons
