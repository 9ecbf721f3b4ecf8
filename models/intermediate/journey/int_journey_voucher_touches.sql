-- One row is an order of which nobody knows the buyer, and whose voucher says what led to it: one touch, at the order.
{{ config(materialized='view') }}

with

orders as (
    select * from {{ ref('int_revenue_orders') }}
    where voucher_code is not null and lead_key is null and deal_key is null
),

voucher_campaigns as (
    select * from {{ ref('voucher_campaigns') }}
),

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

touches as (
    select
        {{ stable_key(["'voucher'", 'orders.source_system', 'orders.order_id']) }} as touchpoint_key,
        orders.source_system,
        orders.order_id as touchpoint_id,
        cast(null as string) as lead_key,
        campaigns.platform_campaign_id as campaign_id,
        cast(null as string) as click_id,
        cast(null as string) as click_id_type,

        'voucher' as touch_type,
        voucher_campaigns.channel,
        'voucher' as source,
        cast(null as string) as medium,
        campaigns.campaign_name as campaign,
        orders.voucher_code as content,
        cast(null as string) as term,
        cast(null as string) as landing_page,
        cast(null as string) as referrer,

        false as is_told_by_campaign,

        orders.ordered_at as touched_at,
        orders.ordered_at as ended_at
    from orders
    left join voucher_campaigns
        on {{ origin_of('orders.voucher_code') }} = voucher_campaigns.voucher_code
    left join campaigns
        on
            voucher_campaigns.platform = campaigns.platform
            and voucher_campaigns.platform_campaign_id = campaigns.platform_campaign_id
)

select * from touches
