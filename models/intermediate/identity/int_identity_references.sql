-- One row is a way in which a source may name a lead record: (referring source, id) -> person.
-- A source names its own records; an id of another source counts where exactly one person carries it.
with

persons as (
    select * from {{ ref('int_identity_persons') }}
    where is_lead_record
),

own as (
    select
        source_system,
        record_id,
        min(lead_key) as lead_key
    from persons
    group by source_system, record_id
),

anywhere as (
    select
        record_id,
        min(lead_key) as lead_key
    from own
    group by record_id
    having count(distinct lead_key) = 1
),

unioned as (
    select
        source_system,
        record_id,
        lead_key
    from own
    union all
    select
        '*' as source_system,
        record_id,
        lead_key
    from anywhere
)

select * from unioned
