-- One row is a version of the agreement with the terms by which results are counted and the time in which it governs.
-- A term that a version does not name has its default.
with

terms as (
    select * from {{ ref('agreement_terms') }}
),

windows as (
    select * from {{ ref('stg_closedloop__agreement_windows') }}
),

pivoted as (
    select
        version,
        max(case when term = 'attribution_model' then value end) as attribution_model,
        max(case when term = 'attribution_scope' then value end) as attribution_scope,
        max(case when term = 'lookback_days' then value end) as lookback_days,
        max(case when term = 'half_life_days' then value end) as half_life_days,
        max(case when term = 'accept_within_days' then value end) as accept_within_days,
        max(case when term = 'max_days_before_conversion' then value end) as max_days_before_conversion
    from terms
    group by version
),

completed as (
    select
        windows.version,

        coalesce(pivoted.attribution_model, 'linear') as attribution_model,
        coalesce(pivoted.attribution_scope, 'deal_contacts') as attribution_scope,

        cast(coalesce(pivoted.lookback_days, '90') as bigint) as lookback_days,
        cast(coalesce(pivoted.half_life_days, '7') as double) as half_life_days,
        cast(coalesce(pivoted.accept_within_days, '14') as bigint) as accept_within_days,
        cast(pivoted.max_days_before_conversion as bigint) as max_days_before_conversion,

        windows.starts_at,
        windows.ends_at
    from windows
    left join pivoted
        on windows.version = pivoted.version
)

select * from completed
