-- One row is a campaign of which the company says under which name people count it: the first pattern that its name
-- fits.
with

campaigns as (
    select * from {{ ref('int_spend_campaigns') }}
),

initiatives as (
    select * from {{ ref('initiatives') }}
),

named as (
    select
        campaigns.campaign_key,
        initiatives.initiative,
        row_number() over (partition by campaigns.campaign_key order by initiatives.position) as initiative_number
    from campaigns
    inner join initiatives
        on
            {{ fits(origin_of('campaigns.campaign_name'), 'initiatives.campaign') }}
            and coalesce(initiatives.platform, campaigns.platform) = campaigns.platform
),

chosen as (
    select
        campaign_key,
        initiative
    from named
    where initiative_number = 1
)

select * from chosen
