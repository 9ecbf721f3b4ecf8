-- One row is a customer: an account, or a person without one, with its first won deal.
-- Velocity runs from the earliest MQL among that deal's contacts; a negative one is a violation and not counted.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
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

won_deals as (
    select
        coalesce(deals.account_key, leads.account_key, primary_contacts.lead_key, deals.deal_key) as customer_key,
        deals.deal_key,
        coalesce(deals.account_key, leads.account_key) as account_key,
        primary_contacts.lead_key,
        deals.closed_at
    from deals
    left join primary_contacts
        on deals.deal_key = primary_contacts.deal_key
    left join leads
        on primary_contacts.lead_key = leads.lead_key
    where deals.is_won
),

first_won_deals as (
    select
        won_deals.*,
        row_number() over by_customer as deal_number
    from won_deals
    window by_customer as (partition by customer_key order by closed_at, deal_key)
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

customers as (
    select
        first_won_deals.customer_key,
        first_won_deals.deal_key,
        first_won_deals.account_key,
        first_won_deals.lead_key,
        original_touches.campaign_key,

        coalesce(original_touches.channel, 'unattributed') as channel,

        case when first_mqls.mql_at <= first_won_deals.closed_at
            then {{ seconds_between('first_mqls.mql_at', 'first_won_deals.closed_at') }} / cast(86400 as double)
        end as velocity_days,
        case when first_mqls.mql_at <= first_won_deals.closed_at
            then {{ micros_between('first_mqls.mql_at', 'first_won_deals.closed_at') }}
        end as velocity_micros,

        coalesce(original_touches.is_paid, false) as is_paid,

        first_won_deals.closed_at as customer_at
    from first_won_deals
    left join first_mqls
        on first_won_deals.deal_key = first_mqls.deal_key
    left join original_touches
        on first_won_deals.lead_key = original_touches.lead_key
    where first_won_deals.deal_number = 1
)

select * from customers
