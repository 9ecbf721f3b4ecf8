-- What would not have been without a channel or campaign: the same draws played again without it. A deal may need two
-- (one that made somebody ask and another that convinced, or search after a video), so `deals` and `revenue` count it
-- for both; in the `shared_` columns it is shared equally by those that it needs, so these sum to no more than there
-- is.
create table truth.effects as
with

won as (
    select
        deals.i,
        count(*) as deals,
        sum(standing.amount_reporting) as revenue
    from truth.deals as standing
    inner join deals
        on standing.deal_id = deals.deal_id
    where standing.state = 'won'
    group by deals.i
),

shared as (
    select
        needed.*,
        count(*) over (partition by needed.i, needed.kind) as needs
    from needed
)

select
    left_out_anywhere.kind,
    left_out_anywhere.name,
    coalesce(sum(won.deals), 0) as deals,
    cast(coalesce(sum(won.revenue), 0) as decimal(18, 2)) as revenue,
    coalesce(sum(cast(won.deals / shared.needs as decimal(18, 6))), 0) as shared_deals,
    coalesce(sum(cast(won.revenue / shared.needs as decimal(18, 2))), 0) as shared_revenue
from (
    select distinct
        'channel' as kind,
        channel as name
    from ways
    union all
    select
        'campaign',
        campaign_id
    from ways
    where campaign_id is not null
) as left_out_anywhere
left join shared
    on left_out_anywhere.kind = shared.kind and left_out_anywhere.name = shared.name
left join won
    on shared.i = won.i
group by left_out_anywhere.kind, left_out_anywhere.name
order by left_out_anywhere.kind, left_out_anywhere.name;
