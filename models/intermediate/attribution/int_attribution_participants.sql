-- One row is a conversion and a person on its path: the lead itself; of a deal its own contacts, or everybody at the
-- account where the agreement says so.
with

conversions as (
    select * from {{ ref('int_attribution_conversions') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

-- a deal without an account is of its primary contact's
accounts as (
    select
        conversions.conversion_number,
        coalesce(conversions.account_key, primary_leads.account_key) as account_key
    from conversions
    left join deal_contacts
        on conversions.deal_key = deal_contacts.deal_key and deal_contacts.is_primary
    left join leads as primary_leads
        on deal_contacts.lead_key = primary_leads.lead_key
    where conversions.attribution_scope = 'account' and conversions.deal_key is not null
),

participants as (
    select
        conversion_number,
        lead_key
    from conversions
    where lead_key is not null
    union
    select
        conversions.conversion_number,
        deal_contacts.lead_key
    from conversions
    inner join deal_contacts
        on conversions.deal_key = deal_contacts.deal_key
    union
    select
        accounts.conversion_number,
        leads.lead_key
    from accounts
    inner join leads
        on accounts.account_key = leads.account_key
)

select * from participants
