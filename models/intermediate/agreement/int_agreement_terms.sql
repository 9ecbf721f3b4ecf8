-- One row is a version of the agreement with the terms by which results are counted and the time in which it governs.
-- A run lays the terms out with the defaults of those that a version does not name.
with

terms as (
    select * from {{ ref('agreement_terms') }}
),

version_periods as (
    select * from {{ ref('stg_closedloop__agreement_periods') }}
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
        version_periods.version,

        pivoted.attribution_model,
        pivoted.attribution_scope,

        cast(pivoted.lookback_days as bigint) as lookback_days,
        cast(pivoted.half_life_days as double) as half_life_days,
        cast(pivoted.accept_within_days as bigint) as accept_within_days,
        cast(pivoted.max_days_before_conversion as bigint) as max_days_before_conversion,

        version_periods.starts_at,
        version_periods.ends_at
    from version_periods
    left join pivoted
        on version_periods.version = pivoted.version
)

select * from completed
