-- One row is a deal that was won before the first contact of anybody on it.
{{ config(materialized='view') }}

with

leads as (
    select * from {{ ref('int_journey_leads') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

first_contacts as (
    select
        deal_contacts.deal_key,
        min(leads.created_at) as first_contact_at,
        min(case when deal_contacts.is_primary then deal_contacts.lead_key end) as primary_lead_key
    from deal_contacts
    inner join leads
        on deal_contacts.lead_key = leads.lead_key
    group by deal_contacts.deal_key
),

won_early as (
    select
        first_contacts.primary_lead_key as lead_key,
        deals.deal_key,
        'customer' as stage,
        'won_before_first_contact' as violation_type,
        'the deal was won before the first contact of anybody on it' as detail,
        cast(null as string) as subject,
        deals.closed_at as claimed_at,
        'sales' as team
    from deals
    inner join first_contacts
        on deals.deal_key = first_contacts.deal_key
    where deals.is_won and deals.closed_at < first_contacts.first_contact_at
)

select * from won_early
