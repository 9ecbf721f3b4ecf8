with

orders as (
    select * from {{ ref('int_revenue_orders') }}
),

final as (
    select
        order_key,
        source_system,
        order_id,
        lead_key,
        account_key,
        deal_key,

        ordered_at,
        amount,
        currency,
        amount_reporting,
        voucher_code,
        status,
        refunded_amount,
        refunded_at,
        cast(rate_age_days as bigint) as rate_age_days
    from orders
)

select * from final
