-- One row is a person and a stage of the lifecycle with its time: the judged stages as agreed, opportunity and customer
-- as facts (a deal was created, a deal was won or an order paid), the exits as the CRM claims them.
with

judged_stages as (
    select * from {{ ref('int_agreement_judged_stages') }}
),

claims as (
    select * from {{ ref('int_agreement_claims') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

orders as (
    select * from {{ ref('int_revenue_orders') }}
    where is_paid and deal_key is null and lead_key is not null
),

opportunities as (
    select
        deal_contacts.lead_key,
        'opportunity' as stage,
        min(deals.created_at) as reached_at
    from deal_contacts
    inner join deals
        on deal_contacts.deal_key = deals.deal_key
    group by deal_contacts.lead_key
),

purchases as (
    select
        deal_contacts.lead_key,
        deals.closed_at as bought_at
    from deal_contacts
    inner join deals
        on deal_contacts.deal_key = deals.deal_key
    where deals.is_won
    union all
    select
        lead_key,
        ordered_at as bought_at
    from orders
),

customers as (
    select
        lead_key,
        'customer' as stage,
        min(bought_at) as reached_at
    from purchases
    group by lead_key
),

exits as (
    select
        lead_key,
        stage,
        last_claimed_at as reached_at
    from claims
    where is_exit
),

stages as (
    select
        lead_key,
        stage,
        agreement_version,
        reached_at
    from judged_stages
    union all
    select
        lead_key,
        stage,
        cast(null as string) as agreement_version,
        reached_at
    from opportunities
    union all
    select
        lead_key,
        stage,
        cast(null as string) as agreement_version,
        reached_at
    from customers
    union all
    select
        lead_key,
        stage,
        cast(null as string) as agreement_version,
        reached_at
    from exits
)

select * from stages
