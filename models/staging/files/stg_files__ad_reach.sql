-- One row is a campaign's reach in a period, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'ad_reach') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, campaign_id, period_type, period_start_date
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        source_system,
        campaign_id,

        period_type,

        reach,
        cast(frequency as decimal(18, 6)) as frequency,

        period_start_date
    from newest
)

select * from renamed
