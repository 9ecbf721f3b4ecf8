-- One row is money that came in or was given back, on its own day, with whose it was: a booking, a refund, or the
-- reopening of a won deal, which takes back what refunds left of the win.
with

entries as (
    select * from {{ ref('int_revenue_entries') }}
),

wins as (
    select * from {{ ref('int_revenue_wins') }}
),

orders as (
    select * from {{ ref('int_revenue_orders') }}
),

deal_contacts as (
    select * from {{ ref('int_journey_deal_contacts') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

reversals as (
    select
        wins.conversion_key,
        wins.deal_key,
        cast(null as string) as order_key,
        'refund' as entry_type,
        wins.currency,
        cast(-sum(case when entries.currency = wins.currency then entries.amount end) as decimal(18, 2)) as amount,
        cast(-sum(entries.amount_reporting) as decimal(18, 2)) as amount_reporting,
        wins.reopened_at as booked_at
    from wins
    inner join entries
        on wins.conversion_key = entries.conversion_key
    cross join run_settings
    where wins.reopened_at <= run_settings.as_of
    group by wins.conversion_key, wins.deal_key, wins.currency, wins.reopened_at
),

unioned as (
    select * from entries
    union all
    select * from reversals
),

keyed as (
    select
        {{ stable_key(['unioned.conversion_key', 'unioned.entry_type', 'unioned.order_key']) }} as revenue_key,
        unioned.conversion_key,
        unioned.deal_key,
        unioned.order_key,
        coalesce(deal_contacts.lead_key, orders.lead_key) as lead_key,
        coalesce(wins.account_key, leads.account_key, orders.account_key) as account_key,

        unioned.entry_type,
        unioned.currency,
        unioned.amount,
        unioned.amount_reporting,
        coalesce(wins.is_standing, orders.is_paid) as is_standing,
        unioned.booked_at
    from unioned
    left join wins
        on unioned.conversion_key = wins.conversion_key
    left join deal_contacts
        on unioned.deal_key = deal_contacts.deal_key and deal_contacts.is_primary
    left join leads
        on deal_contacts.lead_key = leads.lead_key
    left join orders
        on unioned.order_key = orders.order_key and unioned.deal_key is null
)

select * from keyed
