-- One row is a person and an address of it that stands on too many lead records to identify anybody.
{{ config(materialized='view') }}

with

records as (
    select * from {{ ref('int_identity_records') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

address_counts as (
    select
        email_hash as address_hash,
        'e-mail' as address_kind,
        count(*) as record_count
    from records
    where is_lead_record and email_hash is not null
    group by email_hash
    union all
    select
        phone_hash as address_hash,
        'phone' as address_kind,
        count(*) as record_count
    from records
    where is_lead_record and phone_hash is not null
    group by phone_hash
),

shared_identifiers as (
    select
        persons.lead_key,
        cast(null as string) as deal_key,
        'lead' as stage,
        'shared_identifier' as violation_type,
        concat(
            'its ', address_counts.address_kind, ' stands on ', cast(address_counts.record_count as string),
            ' lead records, so it identifies nobody'
        ) as detail,
        min(persons.created_at) as claimed_at,
        'data' as team
    from address_counts
    inner join records
        on
            (address_counts.address_kind = 'e-mail' and records.email_hash = address_counts.address_hash)
            or (address_counts.address_kind = 'phone' and records.phone_hash = address_counts.address_hash)
    inner join persons
        on records.record_key = persons.record_key
    where address_counts.record_count > {{ var('identity_max_degree') }}
    group by persons.lead_key, address_counts.address_kind, address_counts.record_count
)

select * from shared_identifiers
