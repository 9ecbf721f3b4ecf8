-- One row is an e-mail or phone on more lead records than `identity_max_degree` (a front desk, info@): it identifies
-- nobody.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

addresses as (
    {{ addresses_of('leads') }}
),

shared as (
    select
        address_kind,
        address_hash,
        count(*) as record_count
    from addresses
    group by address_kind, address_hash
    having count(*) > {{ var('identity_max_degree') }}
)

select * from shared
