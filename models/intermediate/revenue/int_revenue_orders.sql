-- One row is an order: its person, the deal that it bills (if any), what its status means for the money, and what was
-- paid back by the run's clock. A status of giving back without an amount gives all back, without a day at once.
with

orders as (
    select * from {{ ref('int_canonical_orders') }}
),

order_statuses as (
    select * from {{ ref('order_statuses') }}
),

deals as (
    select * from {{ ref('int_journey_deals') }}
),

leads as (
    select * from {{ ref('int_journey_leads') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
    where record_type = 'order'
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

rates as (
    select * from {{ ref('int_rates_by_day') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

stated as (
    select
        {{ stable_key(['orders.source_system', 'orders.order_id']) }} as order_key,
        orders.source_system,
        orders.order_id,
        coalesce(own.buyer_key, elsewhere.buyer_key, persons.lead_key) as lead_key,
        case when orders.account_id is not null
            then {{ stable_key(['orders.source_system', 'orders.account_id']) }}
        end as account_key,
        deals.deal_key,
        orders.voucher_code,

        coalesce(order_statuses.status, 'paid') as status,
        upper(coalesce(orders.currency, run_settings.reporting_currency)) as currency,

        orders.amount,
        orders.refunded_amount,

        orders.ordered_at,
        coalesce(
            {{ day_alone('orders.refunded_at', 'orders.is_refunded_at_day_alone', 'run_settings.as_of') }},
            orders.ordered_at
        ) as refunded_at,
        run_settings.as_of,
        {{ local_date('orders.ordered_at', 'run_settings.reporting_time_zone') }} as ordered_date
    from orders
    cross join run_settings
    left join order_statuses
        on {{ folded('orders.status') }} = order_statuses.order_status
    left join deals
        on orders.source_system = deals.source_system and orders.deal_id = deals.deal_id
    left join persons
        on orders.source_system = persons.source_system and orders.order_id = persons.record_id
    left join person_references as own
        on orders.source_system = own.source_system and orders.lead_id = own.record_id
    left join person_references as elsewhere
        on elsewhere.source_system = '*' and orders.lead_id = elsewhere.record_id
),

as_of_now as (
    select
        order_key,
        source_system,
        order_id,
        lead_key,
        account_key,
        deal_key,
        voucher_code,
        case when status in ('cancelled', 'refunded') and refunded_at > as_of then 'paid' else status end as status,
        currency,
        amount,
        case
            when refunded_at > as_of or status = 'pending' then cast(null as decimal(18, 2))
            when status in ('cancelled', 'refunded') then coalesce(nullif(refunded_amount, 0), amount)
            else nullif(refunded_amount, 0)
        end as refunded_amount,
        ordered_at,
        ordered_date,
        refunded_at
    from stated
),

priced as (
    select
        as_of_now.order_key,
        as_of_now.source_system,
        as_of_now.order_id,
        as_of_now.lead_key,
        coalesce(as_of_now.account_key, leads.account_key) as account_key,
        as_of_now.deal_key,
        as_of_now.voucher_code,

        as_of_now.status,
        as_of_now.currency,

        as_of_now.amount,
        {{ in_reporting_currency('as_of_now.amount', 'rates.rate') }} as amount_reporting,
        as_of_now.refunded_amount,
        {{ dbt.datediff('rates.rate_date', 'as_of_now.ordered_date', 'day') }}
            as rate_age_days,

        as_of_now.status in ('paid', 'refunded') as is_paid,

        as_of_now.ordered_at,
        as_of_now.ordered_date,
        case when as_of_now.refunded_amount is not null then as_of_now.refunded_at end as refunded_at
    from as_of_now
    left join leads
        on as_of_now.lead_key = leads.lead_key
    left join rates
        on
            as_of_now.currency = rates.currency
            and as_of_now.ordered_date >= rates.starts_on
            and as_of_now.ordered_date < rates.ends_before
)

select * from priced
