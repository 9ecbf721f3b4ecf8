with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

original_touches as (
    select * from {{ ref('int_journey_original_touches') }}
),

final as (
    select
        deals.deal_key,
        deals.source_system,
        deals.deal_id,
        coalesce(deals.account_key, leads.account_key) as account_key,
        deal_contacts.lead_key as primary_lead_key,

        deals.created_at,
        deals.closed_at,
        deals.stage,
        deals.is_closed,
        deals.is_won,
        deals.amount,
        deals.currency,
        deals.amount_reporting,
        deals.amount_at_creation,
        deals.amount_at_close,
        cast(deals.rate_age_days as bigint) as rate_age_days,
        deals.deal_type,
        case
            when deals.deal_type in ('expansion', 'renewal') then 'customer'
            when original_touches.is_marketing then 'marketing'
            when original_touches.channel = 'outbound_sales' then 'sales'
            when original_touches.channel = 'partner' then 'partner'
            else 'unknown'
        end as deal_source,
        deals.lost_reason,
        deals.owner_name,
        deals.product,
        cast(null as string) as record_url
    from deals
    left join deal_contacts
        on deals.deal_key = deal_contacts.deal_key and deal_contacts.is_primary
    left join leads
        on deal_contacts.lead_key = leads.lead_key
    left join original_touches
        on deal_contacts.lead_key = original_touches.lead_key
)

select * from final
