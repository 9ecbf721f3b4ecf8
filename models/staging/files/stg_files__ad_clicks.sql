-- One row is a click on an ad, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'ad_clicks') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, click_id
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
        click_id,
        campaign_id,

        occurred_at
    from newest
)

select * from renamed
