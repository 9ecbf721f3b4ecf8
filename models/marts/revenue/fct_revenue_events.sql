with

revenue_events as (
    select * from {{ ref('int_revenue_events') }}
),

customers as (
    select * from {{ ref('int_metrics_customers') }}
),

final as (
    select
        revenue_events.revenue_key,
        revenue_events.deal_key,
        revenue_events.order_key,
        revenue_events.lead_key,
        revenue_events.account_key,

        revenue_events.entry_type,
        revenue_events.booked_at,
        revenue_events.amount,
        revenue_events.currency,
        revenue_events.amount_reporting,
        revenue_events.entry_type = 'booking'
        and revenue_events.is_standing
        and coalesce(by_deal.customer_key, by_order.customer_key) is not null as is_new_customer
    from revenue_events
    left join customers as by_deal
        on revenue_events.deal_key = by_deal.deal_key
    left join customers as by_order
        on revenue_events.order_key = by_order.order_key
)

select * from final
