-- One row is a record that stands for a person: a lead or contact, or an order or touch that names an address.
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

lead_records as (
    select
        source_system,
        record_type,
        lead_id as record_id,
        email_hash,
        phone_hash,
        merged_into,
        created_at
    from leads
),

touch_records as (
    select
        source_system,
        'touch' as record_type,
        touchpoint_id as record_id,
        email_hash,
        phone_hash,
        cast(null as string) as merged_into,
        occurred_at as created_at
    from touchpoints
    where lead_id is null and (email_hash is not null or phone_hash is not null)
),

order_records as (
    select
        source_system,
        'order' as record_type,
        order_id as record_id,
        email_hash,
        phone_hash,
        cast(null as string) as merged_into,
        ordered_at as created_at
    from orders
    where lead_id is null and (email_hash is not null or phone_hash is not null)
),

records as (
    select * from lead_records
    union all
    select * from touch_records
    union all
    select * from order_records
),

keyed as (
    select
        {{ stable_key(['source_system', 'record_type', 'record_id']) }} as record_key,
        source_system,
        record_type,
        record_id,
        email_hash,
        phone_hash,
        merged_into,

        record_type in ('lead', 'contact') as is_lead_record,

        created_at
    from records
)

select * from keyed
