-- One row is a customer: an account, or a person without one, with its first won deal or paid order.
-- Velocity runs from the earliest MQL among its people; a negative one is a violation and not counted.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

orders as (
    select * from {{ ref('int_revenue_orders') }}
    where is_paid and deal_key is null
),

lead_stages as (
    select * from {{ ref('int_agreement_lead_stages') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

primary_contacts as (
    select
        deal_key,
        lead_key
    from deal_contacts
    where is_primary
),

purchases as (
    select
        coalesce(deals.account_key, leads.account_key, primary_contacts.lead_key, deals.deal_key) as customer_key,
        deals.deal_key,
        cast(null as string) as order_key,
        coalesce(deals.account_key, leads.account_key) as account_key,
        primary_contacts.lead_key,
        deals.closed_at as bought_at
    from deals
    left join primary_contacts
        on deals.deal_key = primary_contacts.deal_key
    left join leads
        on primary_contacts.lead_key = leads.lead_key
    where deals.is_won
    union all
    select
        coalesce(account_key, lead_key, order_key) as customer_key,
        cast(null as string) as deal_key,
        order_key,
        account_key,
        lead_key,
        ordered_at as bought_at
    from orders
),

first_purchases as (
    select
        purchases.*,
        row_number() over by_customer as purchase_number
    from purchases
    window by_customer as (
        partition by customer_key order by bought_at, deal_key nulls last, order_key nulls last
    )
),

first_mqls as (
    select
        deal_contacts.deal_key,
        min(lead_stages.mql_at) as mql_at
    from deal_contacts
    inner join lead_stages
        on deal_contacts.lead_key = lead_stages.lead_key
    group by deal_contacts.deal_key
),

dated as (
    select
        first_purchases.*,
        coalesce(first_mqls.mql_at, lead_stages.mql_at) as mql_at
    from first_purchases
    left join first_mqls
        on first_purchases.deal_key = first_mqls.deal_key
    left join lead_stages
        on first_purchases.lead_key = lead_stages.lead_key and first_purchases.order_key is not null
    where first_purchases.purchase_number = 1
),

customers as (
    select
        dated.customer_key,
        dated.deal_key,
        dated.order_key,
        dated.account_key,
        dated.lead_key,
        original_touches.campaign_key,

        coalesce(original_touches.channel, 'unattributed') as channel,

        case when dated.mql_at <= dated.bought_at
            then {{ seconds_between('dated.mql_at', 'dated.bought_at') }} / cast(86400 as double)
        end as velocity_days,
        case when dated.mql_at <= dated.bought_at
            then {{ micros_between('dated.mql_at', 'dated.bought_at') }}
        end as velocity_micros,

        coalesce(original_touches.is_paid, false) as is_paid,

        dated.bought_at as customer_at
    from dated
    left join original_touches
        on dated.lead_key = original_touches.lead_key
)

select * from customers
