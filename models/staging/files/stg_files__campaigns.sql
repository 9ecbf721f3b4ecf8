-- One row is a campaign, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'campaigns') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, campaign_id
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
        account_id,

        name,
        objective,
        channel
    from newest
)

select * from renamed
