-- One row is a record and the least record key of its component: the records that identifiers join, directly or not.
-- Each round hands the least label over from record to identifier and back; `tests/data` proves that they sufficed.
with

links as (
    select * from {{ ref('int_identity_links') }}
),

round_0 as (
    select
        record_key,
        identifier,
        record_key as label
    from links
),

{% for round in range(1, var('identity_rounds') + 1) -%}
to_identifiers_{{ round }} as (
    select
        record_key,
        identifier,
        min(label) over (partition by identifier) as label
    from round_{{ round - 1 }}
),

round_{{ round }} as (
    select
        record_key,
        identifier,
        min(label) over (partition by record_key) as label
    from to_identifiers_{{ round }}
),

{% endfor -%}
components as (
    select
        record_key,
        min(label) as component
    from round_{{ var('identity_rounds') }}
    group by record_key
)

select * from components
