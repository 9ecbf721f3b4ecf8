-- One row is a deal: typed, its state as of the run's clock, its money in the reporting currency where that is its own.
with

deals as (
    select * from {{ ref('int_canonical_deals') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

stated as (
    select
        {{ stable_key(['deals.source_system', 'deals.deal_id']) }} as deal_key,
        deals.source_system,
        deals.deal_id,
        case when deals.account_id is not null
            then {{ stable_key(['deals.source_system', 'deals.account_id']) }}
        end as account_key,
        deals.lead_ids,

        deals.stage,
        deals.lost_reason,
        deals.owner as owner_name,
        deals.product,
        case when lower(deals.deal_type) in ('expansion', 'renewal') then lower(deals.deal_type) else 'new' end
            as deal_type,
        upper(coalesce(deals.currency, run_settings.reporting_currency)) as currency,
        run_settings.reporting_currency,

        deals.amount,

        coalesce(deals.is_won, false) as is_won,
        coalesce(deals.is_closed, deals.is_won, false) as is_closed,

        deals.created_at,
        -- a closed deal whose source does not say when: its last known change, so that no revenue is uncounted
        case
            -- a closing known by its day alone is that day's last second, or on that day itself the clock
            when
                deals.is_closed_at_day_alone
                and deals.closed_at > run_settings.as_of
                and deals.closed_at - interval '86399 seconds' <= run_settings.as_of
            then run_settings.as_of
            else coalesce(deals.closed_at, deals.updated_at, deals.created_at)
        end as closed_at,
        run_settings.as_of
    from deals
    cross join run_settings
),

as_of_now as (
    select
        deal_key,
        source_system,
        deal_id,
        account_key,
        lead_ids,

        stage,
        lost_reason,
        owner_name,
        product,
        deal_type,
        currency,

        amount,
        case when currency = reporting_currency then amount end as amount_reporting,

        is_won and closed_at <= as_of as is_won,
        (is_closed or is_won) and closed_at <= as_of as is_closed,

        created_at,
        case when (is_closed or is_won) and closed_at <= as_of then closed_at end as closed_at
    from stated
)

select * from as_of_now
