-- One row is an order, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'orders') }}
),

identifiers as (
    select * from {{ source('raw_files', '_identifiers') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, order_id
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        newest.source_system,
        newest.order_id,
        newest.lead_id,
        email_identifiers.hash as email_hash,
        phone_identifiers.hash as phone_hash,
        newest.account_id,
        newest.deal_id,
        newest.voucher_code,

        newest.currency,
        newest.status,
        newest.shop,

        cast(newest.amount as decimal(18, 2)) as amount,
        cast(newest.refunded_amount as decimal(18, 2)) as refunded_amount,

        coalesce(newest._day_alone, '') = 'refunded_at' as is_refunded_at_day_alone,

        newest.ordered_at,
        newest.refunded_at
    from newest
    left join identifiers as email_identifiers
        on newest.email = email_identifiers.raw_value and email_identifiers.kind = 'email'
    left join identifiers as phone_identifiers
        on newest.phone = phone_identifiers.raw_value and phone_identifiers.kind = 'phone'
)

select * from renamed
