-- One row is a deal: typed, its state as of the run's clock, its money in the reporting currency at the rate of the day
-- on which it arose: of a deal that is won that of its closing, of any other that of its creation. What it was worth
-- when that was first known is pipeline.
with

deals as (
    select * from {{ ref('int_canonical_deals') }}
),

deal_phases as (
    select * from {{ ref('int_journey_deal_phases') }}
),

histories as (
    select * from {{ ref('int_journey_deal_histories') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

rates as (
    select * from {{ ref('int_rates_by_day') }}
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
        deals.email_hashes,
        deals.phone_hashes,

        deals.stage,
        deals.lost_reason,
        deals.owner as owner_name,
        deals.product,
        case when lower(deals.deal_type) in ('expansion', 'renewal') then lower(deals.deal_type) else 'new' end
            as deal_type,
        upper(coalesce(deals.currency, run_settings.reporting_currency)) as currency,

        deals.amount,
        coalesce(histories.first_amount, deals.amount) as amount_at_creation,
        coalesce(histories.closing_amount, deals.amount) as amount_at_close,

        -- what its source does not say, its stage does
        coalesce(deals.is_won, deal_phases.deal_phase = 'won', false) as is_won,
        coalesce(deals.is_closed, deals.is_won or deal_phases.deal_phase in ('won', 'lost'), false) as is_closed,

        deals.created_at,
        -- a closed deal whose source does not say when: by its history, else its last known change, so that no revenue
        -- is uncounted
        case
            -- some CRMs keep the day of the first closing of a deal that was reopened
            when histories.reopened_at >= deals.closed_at then coalesce(histories.closed_at, deals.closed_at)
            else
                coalesce(
                    {{ day_alone('deals.closed_at', 'deals.is_closed_at_day_alone', 'run_settings.as_of') }},
                    histories.closed_at,
                    deals.updated_at,
                    deals.created_at
                )
        end as closed_at,
        run_settings.as_of,
        run_settings.reporting_time_zone
    from deals
    cross join run_settings
    left join deal_phases
        on deals.stage = deal_phases.stage
    left join histories
        on {{ stable_key(['deals.source_system', 'deals.deal_id']) }} = histories.deal_key
),

as_of_now as (
    select
        deal_key,
        source_system,
        deal_id,
        account_key,
        lead_ids,
        email_hashes,
        phone_hashes,

        stage,
        lost_reason,
        owner_name,
        product,
        deal_type,
        currency,

        amount,
        amount_at_creation,
        case when (is_closed or is_won) and closed_at <= as_of then amount_at_close end as amount_at_close,

        is_won and closed_at <= as_of as is_won,
        (is_closed or is_won) and closed_at <= as_of as is_closed,

        created_at,
        case when (is_closed or is_won) and closed_at <= as_of then closed_at end as closed_at,
        {{ local_date('created_at', 'reporting_time_zone') }} as created_date,
        {{ local_date('closed_at', 'reporting_time_zone') }} as closed_date
    from stated
),

converted as (
    select
        as_of_now.*,
        case
            when as_of_now.is_won
            then {{ dbt.datediff('closed_rates.rate_date', 'as_of_now.closed_date', 'day') }}
            else {{ dbt.datediff('created_rates.rate_date', 'as_of_now.created_date', 'day') }}
        end as rate_age_days,
        {{ in_reporting_currency('as_of_now.amount_at_creation', 'created_rates.rate') }} as pipeline_reporting,
        case
            when as_of_now.is_won
            then {{ in_reporting_currency('as_of_now.amount', 'closed_rates.rate') }}
            else {{ in_reporting_currency('as_of_now.amount', 'created_rates.rate') }}
        end as amount_reporting
    from as_of_now
    left join rates as created_rates
        on
            as_of_now.currency = created_rates.currency
            and as_of_now.created_date >= created_rates.starts_on
            and as_of_now.created_date < created_rates.ends_before
    left join rates as closed_rates
        on
            as_of_now.currency = closed_rates.currency
            and as_of_now.closed_date >= closed_rates.starts_on
            and as_of_now.closed_date < closed_rates.ends_before
)

select * from converted
