-- One row is a record and an identifier that it carries: an address, or the record that it was merged into, which
-- carries itself. Records that share one are the same person.
-- An address that many share links nobody.
{{ config(materialized='view') }}

with

records as (
    select * from {{ ref('int_identity_records') }}
),

addresses as (
    select * from {{ ref('int_identity_addresses') }}
    where not is_shared
),

linking_addresses as (
    select
        record_key,
        concat(address_kind, ':', address_hash) as identifier
    from addresses
),

-- the survivor is a record of the same type where there is one; a lead that became a contact is of the other
merged as (
    select
        records.record_key,
        coalesce(
            same_type.record_key,
            other_type.record_key,
            {{ stable_key(['records.source_system', 'records.record_type', 'records.merged_into']) }}
        ) as survivor_key
    from records
    left join records as same_type
        on
            records.source_system = same_type.source_system
            and records.record_type = same_type.record_type
            and records.merged_into = same_type.record_id
    left join records as other_type
        on
            records.source_system = other_type.source_system
            and records.record_type != other_type.record_type
            and records.merged_into = other_type.record_id
            and other_type.is_lead_record
    where records.merged_into is not null
),

-- several may have been merged into one that is not there any more
merged_records as (
    select
        record_key,
        concat('record:', survivor_key) as identifier
    from merged
),

survivors as (
    select
        records.record_key,
        concat('record:', records.record_key) as identifier
    from records
    inner join merged
        on records.record_key = merged.survivor_key
),

links as (
    select * from linking_addresses
    union all
    select * from merged_records
    union all
    select * from survivors
)

select distinct
    record_key,
    identifier
from links
