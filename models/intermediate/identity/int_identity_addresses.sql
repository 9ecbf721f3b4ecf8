-- One row is a record and an e-mail or phone that it carries; a cell may hold several. One that is shared, on many lead
-- records, identifies nobody.
with

records as (
    select * from {{ ref('int_identity_records') }}
),

shared_addresses as (
    select * from {{ ref('int_identity_shared_addresses') }}
),

addresses as (
    {{ addresses_of('records', key='record_key') }}
),

marked as (
    select
        addresses.record_key,
        addresses.address_kind,
        addresses.address_hash,
        shared_addresses.address_hash is not null as is_shared
    from addresses
    left join shared_addresses
        on
            addresses.address_kind = shared_addresses.address_kind
            and addresses.address_hash = shared_addresses.address_hash
)

select * from marked
