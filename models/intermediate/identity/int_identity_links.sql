-- One row is what carries an identifier, and the identifier: a record with an address, or with the record that it was
-- merged into, which carries itself; a user of a site with the addresses given there; a link that another system states
-- with both its sides. Who shares one is the same person. An address that many share links nobody, nor does a user with
-- as many addresses.
{{ config(materialized='view') }}

with

records as (
    select * from {{ ref('int_identity_records') }}
),

addresses as (
    select * from {{ ref('int_identity_addresses') }}
    where not is_shared
),

site_users as (
    select * from {{ ref('int_identity_site_users') }}
),

link_sides as (
    select * from {{ ref('int_identity_link_sides') }}
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

shared_addresses as (
    select * from {{ ref('int_identity_shared_addresses') }}
    where address_kind = 'e-mail'
),

shared_users as (
    select user_key
    from site_users
    group by user_key
    having count(distinct email_hash) > {{ var('identity_max_degree') }}
),

users as (
    select distinct
        user_key as record_key,
        concat('user:', user_key) as identifier
    from site_users
),

user_addresses as (
    select
        site_users.user_key as record_key,
        concat('e-mail:', site_users.email_hash) as identifier
    from site_users
    left join shared_addresses
        on site_users.email_hash = shared_addresses.address_hash
    left join shared_users
        on site_users.user_key = shared_users.user_key
    where
        site_users.email_hash is not null
        and shared_addresses.address_hash is null
        and shared_users.user_key is null
),

stated as (
    select
        link_sides.link_key as record_key,
        link_sides.identifier
    from link_sides
    left join shared_addresses
        on link_sides.identifier = concat('e-mail:', shared_addresses.address_hash)
    where link_sides.identifier is not null and shared_addresses.address_hash is null
),

stated_records as (
    select
        record_key,
        identifier
    from link_sides
    where record_key is not null and identifier like 'record:%'
),

links as (
    select * from linking_addresses
    union all
    select * from users
    union all
    select * from user_addresses
    union all
    select * from stated
    union all
    select * from stated_records
    union all
    select * from merged_records
    union all
    select * from survivors
)

select distinct
    record_key,
    identifier
from links
