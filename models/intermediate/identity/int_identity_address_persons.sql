-- One row is an e-mail or phone that identifies somebody, and whom.
with

addresses as (
    select * from {{ ref('int_identity_addresses') }}
    where not is_shared
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

address_persons as (
    select distinct
        addresses.address_kind,
        addresses.address_hash,
        persons.lead_key
    from addresses
    inner join persons
        on addresses.record_key = persons.record_key
)

select * from address_persons
