-- One row is a record that stands for a person: a lead or contact, or an order or touch that names an address and no
-- lead that we know. What names only an address that many share stands for nobody.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

touchpoints as (
    select * from {{ ref('int_canonical_touchpoints') }}
),

orders as (
    select * from {{ ref('int_canonical_orders') }}
),

shared_addresses as (
    select * from {{ ref('int_identity_shared_addresses') }}
),

lead_records as (
    select
        source_system,
        record_type,
        lead_id as record_id,
        email_hash,
        phone_hash,
        more_email_hashes,
        more_phone_hashes,
        merged_into,
        created_at
    from leads
),

-- an id counts in its own source, or where one other source alone has it
own_ids as (
    select distinct
        source_system,
        lead_id
    from leads
),

foreign_ids as (
    select lead_id
    from own_ids
    group by lead_id
    having count(*) = 1
),

mentions as (
    select
        source_system,
        'touch' as record_type,
        touchpoint_id as record_id,
        lead_id,
        email_hash,
        phone_hash,
        occurred_at as created_at
    from touchpoints
    union all
    select
        source_system,
        'order' as record_type,
        order_id as record_id,
        lead_id,
        email_hash,
        phone_hash,
        ordered_at as created_at
    from orders
),

addressed as (
    select
        mentions.source_system,
        mentions.record_type,
        mentions.record_id,
        case when shared_emails.address_hash is null then mentions.email_hash end as email_hash,
        case when shared_phones.address_hash is null then mentions.phone_hash end as phone_hash,
        cast(null as string) as more_email_hashes,
        cast(null as string) as more_phone_hashes,
        cast(null as string) as merged_into,
        mentions.created_at
    from mentions
    left join own_ids
        on mentions.source_system = own_ids.source_system and mentions.lead_id = own_ids.lead_id
    left join foreign_ids
        on mentions.lead_id = foreign_ids.lead_id
    left join shared_addresses as shared_emails
        on shared_emails.address_kind = 'e-mail' and mentions.email_hash = shared_emails.address_hash
    left join shared_addresses as shared_phones
        on shared_phones.address_kind = 'phone' and mentions.phone_hash = shared_phones.address_hash
    where own_ids.lead_id is null and foreign_ids.lead_id is null
),

records as (
    select * from lead_records
    union all
    select * from addressed
    where email_hash is not null or phone_hash is not null
),

keyed as (
    select
        {{ stable_key(['source_system', 'record_type', 'record_id']) }} as record_key,
        source_system,
        record_type,
        record_id,
        email_hash,
        phone_hash,
        more_email_hashes,
        more_phone_hashes,
        merged_into,

        record_type in ('lead', 'contact') as is_lead_record,

        created_at
    from records
)

select * from keyed
