-- One row is a time at which a deal was won: the one that stands, by the deal itself, and those before it that a
-- reopening took back, by its history. They are numbered by time, so that a win keeps its key when another follows.
-- Where the deal says that it is won and its history that the same win was reopened, the deal is believed.
with

deals as (
    select * from {{ ref('int_journey_deals') }}
),

closings as (
    select * from {{ ref('int_journey_deal_closings') }}
    where outcome = 'won' and reopened_at is not null
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

wins as (
    select
        deal_key,
        account_key,
        currency,
        amount,
        true as is_standing,
        closed_at as won_at,
        cast(null as timestamp) as reopened_at
    from deals
    where is_won
    union all
    select
        deals.deal_key,
        deals.account_key,
        deals.currency,
        coalesce(closings.amount, deals.amount) as amount,
        false as is_standing,
        closings.closed_at as won_at,
        closings.reopened_at
    from closings
    inner join deals
        on closings.deal_key = deals.deal_key
    cross join run_settings
    where
        closings.closed_at <= run_settings.as_of
        and not (
            deals.is_won
            and (
                closings.closed_at = deals.closed_at
                or (closings.recency = 1 and deals.closed_at <= closings.reopened_at)
            )
        )
),

numbered as (
    select
        *,
        row_number() over by_deal as win_number,
        lead(won_at) over by_deal as next_won_at
    from wins
    window by_deal as (partition by deal_key order by won_at, is_standing)
),

dated as (
    select
        case
            when numbered.win_number = 1 then {{ stable_key(["'won'", 'numbered.deal_key']) }}
            else {{ stable_key(["'won'", 'numbered.deal_key', 'cast(numbered.win_number as string)']) }}
        end as conversion_key,
        numbered.deal_key,
        numbered.account_key,
        numbered.currency,
        numbered.amount,
        numbered.is_standing,
        numbered.win_number,
        numbered.won_at,
        numbered.next_won_at,
        numbered.reopened_at,
        {{ local_date('numbered.won_at', 'run_settings.reporting_time_zone') }} as won_date
    from numbered
    cross join run_settings
)

select * from dated
