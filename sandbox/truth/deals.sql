-- each deal as it stands, in its own currency and in rupiah at the last rate by the day on which it was won, or made
create table truth.deals as
with

newest as (
    select
        deal_id,
        arg_max(state, step) as state,
        arg_max(amount, step) as amount
    from deal_states
    where is_past(entered_at)
    group by deal_id
),

standing as (
    select
        deals.deal_id,
        deals.crm,
        deals.i,
        deals.created_at,
        newest.state,
        newest.amount,
        deals.currency,
        cast(case when newest.state in ('won', 'lost') then
                case when deals.kind = 'split' and deals.part = 0 then
                        (
                            select max(deal_states.entered_at)
                            from deal_states
                            where deal_states.deal_id = deals.deal_id and step = 6
                        )
                    else (
                        select max(deal_states.entered_at) from deal_states
                        where deal_states.deal_id = deals.deal_id and is_past(deal_states.entered_at)
                    )
                end
        end as date) as closed_on
    from deals
    inner join newest
        on deals.deal_id = newest.deal_id
    where deals.deleted_at is null or not is_past(deals.deleted_at)
)

select
    standing.deal_id,
    standing.crm as source_system,
    people.person_id,
    utc(standing.created_at) as created_at,
    standing.state,
    standing.closed_on,
    standing.amount,
    standing.currency,
    cast(round(standing.amount * coalesce(exchange_rates.rate, 1), 2) as decimal(18, 2)) as amount_reporting
from standing
inner join people
    on standing.i = people.i
asof left join exchange_rates
    on
        standing.currency = exchange_rates.currency
        and cast(case when standing.state = 'won' then standing.closed_on else standing.created_at end as date)
        >= exchange_rates.day
order by standing.deal_id;
