-- One row is a record and an identifier that it carries. Records that share one are the same person.
-- An e-mail or phone on more than `identity_max_degree` lead records (a front desk, info@) links nobody.
with

records as (
    select * from {{ ref('int_identity_records') }}
),

addresses as (
    select
        record_key,
        is_lead_record,
        concat('email:', email_hash) as identifier
    from records
    where email_hash is not null
    union all
    select
        record_key,
        is_lead_record,
        concat('phone:', phone_hash) as identifier
    from records
    where phone_hash is not null
),

shared_by_many as (
    select identifier
    from addresses
    where is_lead_record
    group by identifier
    having count(*) > {{ var('identity_max_degree') }}
),

linking_addresses as (
    select
        addresses.record_key,
        addresses.identifier
    from addresses
    left join shared_by_many
        on addresses.identifier = shared_by_many.identifier
    where shared_by_many.identifier is null
),

-- every record carries itself, so that one without an address is a person too
own_ids as (
    select
        record_key,
        concat('record:', record_key) as identifier
    from records
),

merged_records as (
    select
        record_key,
        concat('record:', {{ stable_key(['source_system', 'record_type', 'merged_into']) }}) as identifier
    from records
    where merged_into is not null
),

links as (
    select * from linking_addresses
    union all
    select * from own_ids
    union all
    select * from merged_records
)

select distinct
    record_key,
    identifier
from links
