-- One row is an e-mail or phone on more lead records than `identity_max_degree` (a front desk, info@): it identifies
-- nobody.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

addresses as (
    select
        'e-mail' as address_kind,
        email_hash as address_hash
    from leads
    where email_hash is not null
    union all
    select
        'e-mail' as address_kind,
        {{ split_list('more_email_hashes') }} as address_hash
    from leads
    where more_email_hashes is not null
    union all
    select
        'phone' as address_kind,
        phone_hash as address_hash
    from leads
    where phone_hash is not null
    union all
    select
        'phone' as address_kind,
        {{ split_list('more_phone_hashes') }} as address_hash
    from leads
    where more_phone_hashes is not null
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
