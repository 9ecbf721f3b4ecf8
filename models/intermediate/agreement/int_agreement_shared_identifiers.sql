-- One row is an address on too many lead records to identify anybody, at the oldest of them.
{{ config(materialized='view') }}

with

shared_addresses as (
    select * from {{ ref('int_identity_shared_addresses') }}
),

records as (
    select * from {{ ref('int_identity_records') }}
    where is_lead_record
),

record_addresses as (
    select * from {{ ref('int_identity_addresses') }}
    where is_shared
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

addresses as (
    select
        record_addresses.record_key,
        record_addresses.address_kind,
        record_addresses.address_hash,
        records.created_at
    from record_addresses
    inner join records
        on record_addresses.record_key = records.record_key
),

by_age as (
    select
        shared_addresses.address_kind,
        shared_addresses.record_count,
        addresses.record_key,
        addresses.created_at,
        row_number() over by_address as age_number
    from shared_addresses
    inner join addresses
        on
            shared_addresses.address_kind = addresses.address_kind
            and shared_addresses.address_hash = addresses.address_hash
    window by_address as (
        partition by shared_addresses.address_kind, shared_addresses.address_hash
        order by addresses.created_at, addresses.record_key
    )
),

shared_identifiers as (
    select
        persons.lead_key,
        cast(null as string) as deal_key,
        'lead' as stage,
        'shared_identifier' as violation_type,
        concat(
            'its ', by_age.address_kind, ' stands on ', cast(by_age.record_count as string),
            ' lead records, so it identifies nobody'
        ) as detail,
        concat(by_age.address_kind, ' of ', by_age.record_key) as subject,
        by_age.created_at as claimed_at,
        'data' as team
    from by_age
    inner join persons
        on by_age.record_key = persons.record_key
    where by_age.age_number = 1
)

select * from shared_identifiers
