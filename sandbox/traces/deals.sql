-- The CRMs' deals with their history. Some are split before they close, some reopened after they were lost, some won
-- twice, some entered twice and deleted; some name nobody.
create macro deal_id(crm, number) as (
    case crm
        when 'hubspot' then printf('7%09d', number)
        when 'zoho' then printf('487800000%08d', number)
        else printf('0065g%010d', number)
    end
);

create table deals as
with

priced as (
    select
        opportunities.*,
        people.company,
        people.country,
        case people.country when 'ID' then 'IDR' when 'SG' then 'SGD' else 'USD' end as currency,
        cast(case people.country
            when 'ID' then round(worth / 1e5) * 1e5
            when 'SG' then round(worth / 12150, 2)
            else round(worth / 15850, 2)
        end as decimal(18, 2)) as amount,
        chance('deal kind', opportunities.i) as kind_chance,
        chance('offer', opportunities.i) < 0.25 as is_bargained
    from opportunities
    inner join people
        on opportunities.i = people.i
),

kinds as (
    select
        *,
        case
            when buys and kind_chance < 0.03 then 'split'
            when buys and kind_chance < 0.07 then 'reopened'
            when buys and kind_chance < 0.085 then 'won again'
            when kind_chance < 0.105 then 'entered twice'
            when kind_chance < 0.130 then 'names nobody'
            else 'plain'
        end as kind
    from priced
)

select
    kinds.* exclude (amount, kind_chance, sql_at),
    part,
    deal_id(crm, i * 4 + part) as deal_id,
    'Langganan '
    || product
    || ' - '
    || company
    || case when part > 0 and kind = 'split' then ' (' || part || ')' else '' end as name,
    -- of a split deal the parts are worth what the whole was, to the last unit
    case
        when kind = 'split' and part = 1 then cast(floor(amount * 0.6) as decimal(18, 2))
        when kind = 'split' and part = 2 then amount - cast(floor(amount * 0.6) as decimal(18, 2))
        else amount
    end as amount,
    date_trunc('second', case when part = 0 then deal_at else deal_at + (closed_at - deal_at) / 2 end) as created_at,
    case
        when kind = 'split' and part = 0 then 'no decision'
        when not buys then pick(['price', 'competitor', 'no decision', 'timing'], 'lost', i)
    end as lost_reason,
    case when kind = 'entered twice' and part = 1
        then date_trunc('second', deal_at + (closed_at - deal_at) / 2 + interval 3 day)
    end as deleted_at
from kinds
cross join range(3) as parts (part)
where
    part = 0
    or kind = 'split'
    or (kind = 'entered twice' and part = 1);

-- what a deal was, from when; the last row by the present is what it is
create table deal_states as
with

steps as (
    select
        *,
        closed_at - created_at as length
    from deals
),

unioned as (
    select
        deal_id,
        'open' as state,
        1 as step,
        created_at as entered_at
    from steps
    union all
    select
        deal_id,
        'proposal',
        2,
        created_at + length * 0.3
    from steps
    where not (kind = 'entered twice' and part = 1)
    union all
    select
        deal_id,
        'negotiation',
        3,
        created_at + length * 0.7
    from steps
    where kind in ('plain', 'names nobody', 'entered twice') and not (kind = 'entered twice' and part = 1)
    union all
    select
        deal_id,
        case kind when 'reopened' then 'lost' else 'won' end,
        4,
        created_at + length * 0.5
    from steps
    where kind in ('reopened', 'won again')
    union all
    select
        deal_id,
        'negotiation',
        5,
        created_at + length * 0.8
    from steps
    where kind in ('reopened', 'won again')
    union all
    select
        deal_id,
        case when kind = 'split' and part = 0 then 'lost' when buys then 'won' else 'lost' end,
        6,
        case when kind = 'split' and part = 0 then created_at + length * 0.6 else closed_at end
    from steps
    where not (kind = 'entered twice' and part = 1)
)

select
    unioned.deal_id,
    unioned.state,
    unioned.step,
    date_trunc('second', unioned.entered_at) as entered_at,
    -- the first offer is higher where somebody bargains
    case
        when deals.is_bargained and unioned.step <= 2 then cast(round(deals.amount * 1.12, 0) as decimal(18, 2))
        else deals.amount
    end as amount,
    case deals.crm
        when 'hubspot' then case unioned.state
                when 'open' then 'Appointment scheduled' when 'proposal' then 'Presentation scheduled'
                when 'negotiation' then 'Decision maker bought-in' when 'won' then 'Closed won' else 'Closed lost'
            end
        when 'salesforce' then case unioned.state
                when 'open' then 'Qualification' when 'proposal' then 'Proposal/Price Quote'
                when 'negotiation' then 'Negotiation/Review' when 'won' then 'Closed Won' else 'Closed Lost'
            end
        else case unioned.state
                when 'open' then 'Qualification' when 'proposal' then 'Proposal/Price Quote'
                when 'negotiation' then 'Negotiation/Review' when 'won' then 'Closed Won' else 'Closed Lost'
            end
    end as stage
from unioned
inner join deals
    on unioned.deal_id = deals.deal_id;

-- the people of a deal as the CRM names them: whoever it was made for, and colleagues whom the CRM knew before it
-- closed
create table deal_people as
with

named as (
    select
        deals.deal_id,
        deals.crm,
        deals.i,
        deals.i as contact,
        deals.created_at as since
    from deals
    where deals.kind != 'names nobody'
    union all
    select
        deals.deal_id,
        deals.crm,
        deals.i,
        colleagues.i as contact,
        greatest(deals.created_at, colleagues.created_at)
    from deals
    inner join mqls as colleagues
        on
            deals.firm_number = colleagues.firm_number
            and deals.crm = colleagues.crm
            and deals.i != colleagues.i
            and colleagues.created_at < deals.closed_at
    where deals.kind != 'names nobody'
)

select
    named.deal_id,
    named.crm,
    named.contact as i,
    named.since,
    named.contact = named.i as is_primary,
    case when named.contact = named.i then 'decision maker' else 'user' end as role,
    records.record_id
from named
inner join records
    on
        named.contact = records.i
        and named.crm = records.crm
        -- a Salesforce opportunity has contacts; a colleague who is none yet is named as the lead that it is
        and records.kind = case
            when named.crm = 'salesforce' and named.contact = named.i then 'converted' else 'first'
        end;

-- every won deal is invoiced; some are paid back, in part or in whole
create table invoices as
select
    deals.deal_id,
    deals.crm,
    deals.i,
    'INV-' || deals.deal_id as order_id,
    deals.closed_at + interval 1 hour as ordered_at,
    deals.amount,
    deals.currency,
    case
        when chance('refund', deals.i) < 0.02 then deals.amount
        when chance('refund', deals.i) < 0.06 then cast(round(deals.amount * 0.25, 0) as decimal(18, 2))
    end as refunded_amount,
    case when chance('refund', deals.i) < 0.06 then
            date_trunc('second', deals.closed_at + interval 5 day + wait_days(25, 'refunded', deals.i))
    end as refunded_at
from deals
inner join deal_states
    on deals.deal_id = deal_states.deal_id and deal_states.step = 6 and deal_states.state = 'won';
