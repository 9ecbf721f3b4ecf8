-- One row is a record with the key of its person: the key of the person's earliest record.
with

records as (
    select * from {{ ref('int_identity_records') }}
),

components as (
    select * from {{ ref('int_identity_components') }}
),

persons as (
    select
        first_value(records.record_key) over by_age as lead_key,
        records.record_key,
        records.source_system,
        records.record_type,
        records.record_id,
        row_number() over by_age as record_number,

        records.is_lead_record,
        records.merged_into is null as is_survivor,

        records.created_at
    from records
    inner join components
        on records.record_key = components.record_key
    window by_age as (
        partition by components.component
        order by records.created_at, records.source_system, records.record_id, records.record_type
    )
)

select * from persons
